/* How far a curve of quality would move with other quotes of the same kind: its 95 % band by resampling whole groups.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VAI_BAND_POINTS 41

typedef enum
{
  VAI_BAND_ROC,
  VAI_BAND_GAIN,
} VaiBandKind;

typedef struct
{
  double x[VAI_BAND_POINTS], low[VAI_BAND_POINTS], high[VAI_BAND_POINTS];
} VaiBand;

/* At 0, 1/40, … 1 of the x axis. @groups nullable. Needs a row of each class, else FALSE. Deterministic. */
gboolean vai_band_compute (VaiBand *self,
                           VaiBandKind kind,
                           const guint8 *won,
                           const double *probability,
                           const guint32 *groups,
                           gsize n);

G_END_DECLS
