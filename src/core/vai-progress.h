/* What a long task says of itself, from any thread: a fraction, a sentence. A front end polls it. Every function takes
 * NULL. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _VaiProgress VaiProgress;

VaiProgress *vai_progress_new (void);

/* A part of @parent that maps its own 0..1 onto @from..@to of it. NULL gives NULL. */
VaiProgress *vai_progress_new_part (VaiProgress *parent, double from, double to);

VaiProgress *vai_progress_ref (VaiProgress *self);
void vai_progress_unref (VaiProgress *self);

/* @fraction 0..1, never goes back on the whole; @message is translated, or NULL to keep the present one. */
void vai_progress_set (VaiProgress *self, double fraction, const char *message);

double vai_progress_get_fraction (VaiProgress *self);

/* A copy to free; "" before the first message. */
char *vai_progress_dup_message (VaiProgress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiProgress, vai_progress_unref)

G_END_DECLS
