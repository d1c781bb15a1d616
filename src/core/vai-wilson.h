/* How sure a share is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two-sided normal quantile of 95 %. */
#define VAI_Z95 1.959963984540054

/* 95 % Wilson interval of a share; 0 to 1 when @n is 0. */
void vai_wilson (double n_won, double n, double *low, double *high);

G_END_DECLS
