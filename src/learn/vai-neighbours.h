/* Past quotes like this one: which they are, and how many. The definition is in the .c. */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

/* Half-width of the score window that is always allowed. */
#define VAI_SIMILAR_WINDOW 0.05

/* More are not counted: "100 or more" says enough, and a batch of a million quotes is counted in seconds. */
#define VAI_SIMILAR_MAX 100

typedef struct _VaiNeighbours VaiNeighbours;

/* Keeps a pointer to the reference rows of @model, which must outlive it. */
VaiNeighbours *vai_neighbours_new (const VaiModel *model);
void vai_neighbours_free (VaiNeighbours *self);

/* Similar quotes of one row that scores @probability with the range @low to @high, and how many of them were won. */
void vai_neighbours_count (const VaiNeighbours *self,
                           const VaiFrame *frame,
                           guint row,
                           double probability,
                           double low,
                           double high,
                           guint *n_similar,
                           guint *n_won);

/* The @n nearest of those that vai_neighbours_count() counts, with that outcome: reference rows, nearest first, one of
 * each group; gives how many there are. */
guint vai_neighbours_similar (const VaiNeighbours *self,
                              const VaiFrame *frame,
                              guint row,
                              double probability,
                              double low,
                              double high,
                              gboolean won,
                              guint n,
                              guint32 *rows);

/* How far apart a row and reference row @reference are: 0 (the same in all that counts) to 1; 1 too when too little is
 * filled in. */
double vai_neighbours_distance (const VaiNeighbours *self, const VaiFrame *frame, guint row, guint reference);

/* Values of @feature, a number, in the reference rows that look alike when @feature itself is left aside; those that
 * have one. */
GArray *vai_neighbours_values (const VaiNeighbours *self, const VaiFrame *frame, guint row, guint feature);

/* How many of @values, as vai_neighbours_values() gives them, are about @x: within a quarter of the usual spread of
 * @feature. */
guint vai_neighbours_support (const VaiFeature *feature, const GArray *values, double x);

/* Up to this distance two quotes look alike. */
double vai_neighbours_get_radius (const VaiNeighbours *self);

/* The @n nearest reference rows with that outcome, nearest first, one of each group; gives how many there are. */
guint vai_neighbours_nearest (const VaiNeighbours *self,
                              const VaiFrame *frame,
                              guint row,
                              gboolean won,
                              guint n,
                              guint32 *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiNeighbours, vai_neighbours_free)

G_END_DECLS
