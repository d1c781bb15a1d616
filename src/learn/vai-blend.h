/* Non-negative weights that combine members on log-odds: minimises the log loss of sigmoid (intercept + Σ weight ×
 * margin). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @margins is n × n_members, row by row, of rows no member had seen. Writes n_members weights ≥ 0 and the intercept.
 * Deterministic; convex, so the optimum is the only one up to ties. @shrink ≥ 0 pulls towards equal weights that sum
 * to 1. */
void vai_blend_fit (const double *margins,
                    const guint8 *won,
                    gsize n,
                    guint n_members,
                    double shrink,
                    double *weights,
                    double *intercept);

G_END_DECLS
