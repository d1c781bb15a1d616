/* The files of the library as rows: who has which, what names them, and those that are still on their way. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* What nothing names is kept for so long: an object follows its files. An upload has less, so that the row of its file
 * is still there at its end. */
#define VAI_BLOB_UNUSED_MS (24 * 3600 * G_GINT64_CONSTANT (1000))
#define VAI_UPLOAD_MS (20 * 3600 * G_GINT64_CONSTANT (1000))

/* The size of a file that this person has sent whole; 0: there is none. */
gint64 vai_blob_get_size (VaiTransaction *transaction, const char *user_id, const char *hash);

/* An object of this person named @before (arrays of VaiObjectBlob) and now names @after. */
void vai_blob_count_references (VaiTransaction *transaction,
                                const char *user_id,
                                GPtrArray *before,
                                GPtrArray *after,
                                gint64 now);

typedef struct
{
  char *id;
  gint64 size;
  gint64 offset; /* of the next byte that is wanted */
} VaiUpload;

/* NULL when this person does not send @hash. */
VaiUpload *vai_upload_find (VaiTransaction *transaction, const char *user_id, const char *hash);

/* Begins one, or goes on with the one that was begun. NULL when the file is just being removed: try again. */
VaiUpload *
vai_upload_begin (VaiTransaction *transaction, const char *user_id, const char *hash, gint64 size, gint64 now);

/* What is on its way, in bytes. */
gint64 vai_upload_sum (VaiTransaction *transaction, const char *user_id);

/* Moves the offset from @from; FALSE when it is not there any more. At its end the file is this person's. */
gboolean vai_upload_advance (VaiTransaction *transaction,
                             const char *user_id,
                             const char *hash,
                             const VaiUpload *upload,
                             gint64 to,
                             gint64 now);

void vai_upload_forget (VaiTransaction *transaction, const char *id);
void vai_upload_free (VaiUpload *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiUpload, vai_upload_free)

G_END_DECLS
