/* Universal Binary JSON (draft 12), as XGBoost writes its models: a cursor that reads within its bounds whatever the
 * bytes are. Private to learn. Every function gives FALSE at the first thing that is not right and stays there. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Deeper nesting is refused when a value is skipped. XGBoost's own files nest 7 deep. */
#define VAI_UBJ_DEPTH_MAX 32

typedef struct
{
  const guint8 *data;
  gsize size, at;
} VaiUbj;

typedef struct
{
  gint64 left; /* elements still to come; -1: until the end mark */
  char type;   /* of every element; '\0': each says its own */
} VaiUbjArray;

/* To be followed by vai_ubj_next_key() until it gives FALSE; @done tells the end from damage. */
gboolean vai_ubj_enter_object (VaiUbj *self);
gboolean vai_ubj_next_key (VaiUbj *self, char *key, gsize size, gboolean *done);

gboolean vai_ubj_enter_array (VaiUbj *self, VaiUbjArray *array);

/* TRUE while there is an element to read next. */
gboolean vai_ubj_next_element (VaiUbj *self, VaiUbjArray *array, gboolean *done);

/* An array of numbers of any kind, as doubles; to unref. */
GArray *vai_ubj_read_numbers (VaiUbj *self);

/* A text of at most @size - 1 bytes. */
gboolean vai_ubj_read_text (VaiUbj *self, char *text, gsize size);

/* Past one whole value. */
gboolean vai_ubj_skip (VaiUbj *self);

G_END_DECLS
