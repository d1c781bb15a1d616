/* The four routines of BLAS that LIBLINEAR calls, for a runtime without BLAS: plain loops, in the calling convention of
 * Fortran. LIBLINEAR only asks for contiguous vectors, but the strides are honoured. */
#include <math.h>

double ddot_ (const int *n, const double *x, const int *incx, const double *y, const int *incy);
double dnrm2_ (const int *n, const double *x, const int *incx);
int daxpy_ (const int *n, const double *a, const double *x, const int *incx, double *y, const int *incy);
int dscal_ (const int *n, const double *a, double *x, const int *incx);

/* A vector with a negative stride is walked from its end. */
static long
first (int n, int inc)
{
  return inc < 0 ? (long) (1 - n) * inc : 0;
}

double
ddot_ (const int *n, const double *x, const int *incx, const double *y, const int *incy)
{
  double sum = 0;
  long ix = first (*n, *incx);
  long iy = first (*n, *incy);

  for (int i = 0; i < *n; i++, ix += *incx, iy += *incy)
    sum += x[ix] * y[iy];
  return sum;
}

/* Scaled, so that squares neither overflow nor vanish. */
double
dnrm2_ (const int *n, const double *x, const int *incx)
{
  double scale = 0;
  double sum = 1;

  for (int i = 0; i < *n; i++)
    {
      double value = fabs (x[(long) i * *incx]);
      if (value == 0)
        continue;
      if (scale < value)
        {
          sum = 1 + sum * (scale / value) * (scale / value);
          scale = value;
        }
      else
        sum += (value / scale) * (value / scale);
    }
  return scale * sqrt (sum);
}

int
daxpy_ (const int *n, const double *a, const double *x, const int *incx, double *y, const int *incy)
{
  long ix = first (*n, *incx);
  long iy = first (*n, *incy);

  for (int i = 0; i < *n; i++, ix += *incx, iy += *incy)
    y[iy] += *a * x[ix];
  return 0;
}

int
dscal_ (const int *n, const double *a, double *x, const int *incx)
{
  for (int i = 0; i < *n; i++)
    x[(long) i * *incx] *= *a;
  return 0;
}
