/* A verdict as a small coloured word with its icon; and how a verdict looks everywhere. */
#pragma once

#include "vai-pen.h"
#include "vai-range.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_VERDICT_CHIP (vai_verdict_chip_get_type ())
G_DECLARE_FINAL_TYPE (VaiVerdictChip, vai_verdict_chip, VAI, VERDICT_CHIP, GtkWidget)

GtkWidget *vai_verdict_chip_new (void);
void vai_verdict_chip_set (VaiVerdictChip *self, VaiVerdict verdict);

/* "emblem-ok-symbolic", … */
const char *vai_verdict_icon (VaiVerdict verdict);

/* Of marks: VAI_COLOR_WON, VAI_COLOR_LOST or VAI_COLOR_NEUTRAL. */
VaiColor vai_verdict_color (VaiVerdict verdict);

/* Circle, diamond, square; none where there are too few similar quotes. */
VaiMark vai_verdict_mark (VaiVerdict verdict);

/* The style class of text: "won", "lost" or "neutral". */
const char *vai_verdict_style (VaiVerdict verdict);

G_END_DECLS
