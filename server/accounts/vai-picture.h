/* The picture of a person: whatever came is decoded and drawn anew, so that nothing of the file itself is given to
 * others. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The middle of @bytes, a PNG or JPEG, as a PNG of 256 by 256. Errors: NOT_A_TABLE for what is no such picture,
 * TOO_LARGE by its width or height, both before anything is decoded. */
GBytes *vai_picture_shrink (GBytes *bytes, GError **error);

G_END_DECLS
