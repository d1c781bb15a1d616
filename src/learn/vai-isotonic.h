/* Isotonic regression: the non-decreasing curve nearest to the outcomes, by pooling adjacent violators. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n;   /* knots */
  double *x; /* owned; ascending: centre (weighted mean) of each block */
  double *y; /* owned; non-decreasing, strictly between 0 and 1 */
} VaiIsotonic;

/* @x ascending; @y are outcomes 0..1; @weight nullable. Rows of equal @x form one block from the start. A block in
 * which all or none were won is kept as far from 1 or 0 as its size tells (Jeffreys: half a row). At least one weight
 * must be positive, else n is 0. */
void vai_isotonic_fit (VaiIsotonic *self, const double *x, const double *y, const double *weight, gsize n);
void vai_isotonic_clear (VaiIsotonic *self);

/* The same pooling on any numbers, in place: the nearest non-decreasing sequence to @y by weighted least squares;
 * weights positive. */
void vai_isotonic_project (double *y, const double *weight, gsize n);

/* Straight between knots, level outside them. */
double vai_isotonic_apply (const VaiIsotonic *self, double x);

/* The same for @n ascending places, in one walk. */
void vai_isotonic_apply_sorted (const VaiIsotonic *self, const double *x, gsize n, double *y);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiIsotonic, vai_isotonic_clear)

G_END_DECLS
