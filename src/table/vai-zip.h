/* Parts of a zip file, read as a stream and within limits, so that a small file cannot fill the machine. Private to
 * this layer. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Workbooks with pictures on every sheet have some thousands. */
#define VAI_ZIP_PARTS_MAX 20000
/* The largest sheet there can be (1,048,576 rows) with some 60 filled columns. */
#define VAI_ZIP_PART_BYTES_MAX (G_GUINT64_CONSTANT (4) << 30)
/* Sheets of numbers shrink 5 to 30 times, one value repeated some 100 times; bombs 1,000 times. */
#define VAI_ZIP_RATIO_MAX 300
/* Below this size a part may shrink as it likes. */
#define VAI_ZIP_RATIO_FREE_BYTES (G_GUINT64_CONSTANT (32) << 20)

typedef struct _VaiZip VaiZip;
typedef struct _VaiZipPart VaiZipPart;

/* Reads the list of parts. Errors: NOT_FOUND, NOT_READABLE, DAMAGED, TOO_LARGE, CANCELLED. */
VaiZip *vai_zip_open (const char *path, GCancellable *cancellable, GError **error);
void vai_zip_free (VaiZip *self);

/* The name of a part as it stands in the file, found without regard to case and leading slash; NULL when there is none.
 */
const char *vai_zip_find (VaiZip *self, const char *name);

/* @name as vai_zip_find(). Error DAMAGED when the part is not there. */
VaiZipPart *vai_zip_open_part (VaiZip *self, const char *name, GCancellable *cancellable, GError **error);

/* Bytes read, 0 at the end, -1 with @error. */
gssize vai_zip_part_read (VaiZipPart *self, void *buffer, gsize size, GError **error);

/* Share of the part that was read so far, 0..1; 0 when its size is not known. */
double vai_zip_part_get_fraction (VaiZipPart *self);
void vai_zip_part_free (VaiZipPart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiZip, vai_zip_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiZipPart, vai_zip_part_free)

G_END_DECLS
