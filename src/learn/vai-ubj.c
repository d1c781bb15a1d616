#include "vai-ubj.h"

#include <string.h>

static gboolean
peek (const VaiUbj *self, char *c)
{
  if (self->at >= self->size)
    return FALSE;
  *c = self->data[self->at];
  return TRUE;
}

static gboolean
take (VaiUbj *self, char *c)
{
  if (!peek (self, c))
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
take_mark (VaiUbj *self, char mark)
{
  char c;
  return take (self, &c) && c == mark;
}

/* Bytes of a value of @type; 0 for one that is its type, -1 for one without a fixed size. */
static inline int
size_of (char type)
{
  switch (type)
    {
    case 'T':
    case 'F':
    case 'Z':
    case 'N':
      return 0;
    case 'i':
    case 'U':
    case 'C':
      return 1;
    case 'I':
      return 2;
    case 'l':
    case 'd':
      return 4;
    case 'L':
    case 'D':
      return 8;
    default:
      return -1;
    }
}

/* The big-endian bytes at the cursor as a number. */
static inline gboolean
take_number (VaiUbj *self, char type, double *number)
{
  int size = size_of (type);
  if (size <= 0 || type == 'C' || self->size - self->at < (gsize) size)
    return FALSE;
  guint64 bits = 0;
  if (size == 4) /* nearly all of a model */
    {
      guint32 word;
      memcpy (&word, self->data + self->at, sizeof word);
      bits = GUINT32_FROM_BE (word);
      self->at += sizeof word;
    }
  else
    for (int i = 0; i < size; i++)
      bits = bits << 8 | self->data[self->at++];
  guint32 narrow = bits;
  float single;
  switch (type)
    {
    case 'i':
      *number = (gint8) bits;
      break;
    case 'U':
      *number = bits;
      break;
    case 'I':
      *number = (gint16) bits;
      break;
    case 'l':
      *number = (gint32) bits;
      break;
    case 'L':
      *number = (gint64) bits;
      break;
    case 'd':
      memcpy (&single, &narrow, sizeof single);
      *number = single;
      break;
    default:
      memcpy (number, &bits, sizeof *number);
    }
  return TRUE;
}

/* A length or count: a whole number that is not below 0 and not beyond what is left, for every element takes a byte at
 * least. */
static gboolean
take_length (VaiUbj *self, gint64 *length)
{
  char type;
  double number;
  if (!take (self, &type) || type == 'd' || type == 'D' || !take_number (self, type, &number))
    return FALSE;
  if (number < 0 || number > (double) (self->size - self->at))
    return FALSE;
  *length = number;
  return TRUE;
}

gboolean
vai_ubj_enter_object (VaiUbj *self)
{
  return take_mark (self, '{');
}

static gboolean
take_bytes (VaiUbj *self, char *text, gsize size)
{
  gint64 length;
  if (!take_length (self, &length) || (gsize) length >= size)
    return FALSE;
  memcpy (text, self->data + self->at, length);
  text[length] = '\0';
  self->at += length;
  return TRUE;
}

gboolean
vai_ubj_next_key (VaiUbj *self, char *key, gsize size, gboolean *done)
{
  char c;
  *done = FALSE;
  if (!peek (self, &c))
    return FALSE;
  if (c == '}')
    {
      self->at++;
      *done = TRUE;
      return FALSE;
    }
  return take_bytes (self, key, size);
}

gboolean
vai_ubj_enter_array (VaiUbj *self, VaiUbjArray *array)
{
  char c;
  *array = (VaiUbjArray){ .left = -1 };
  if (!take_mark (self, '[') || !peek (self, &c))
    return FALSE;
  if (c == '$')
    {
      self->at++;
      if (!take (self, &array->type) || size_of (array->type) <= 0 || !peek (self, &c) || c != '#')
        return FALSE;
    }
  if (c == '#')
    {
      self->at++;
      return take_length (self, &array->left);
    }
  return TRUE;
}

gboolean
vai_ubj_next_element (VaiUbj *self, VaiUbjArray *array, gboolean *done)
{
  char c;
  *done = FALSE;
  if (array->left > 0)
    {
      array->left--;
      return TRUE;
    }
  if (array->left == 0)
    {
      *done = TRUE;
      return FALSE;
    }
  if (!peek (self, &c))
    return FALSE;
  if (c != ']')
    return TRUE;
  self->at++;
  *done = TRUE;
  return FALSE;
}

/* As many numbers of one type as @array says: whole models are made of them. */
static GArray *
take_numbers (VaiUbj *self, const VaiUbjArray *array)
{
  gsize n = array->left;
  if (array->type == 'C' || (self->size - self->at) / size_of (array->type) < n)
    return NULL;
  GArray *numbers = g_array_sized_new (FALSE, FALSE, sizeof (double), n);
  g_array_set_size (numbers, n);
  double *out = (double *) numbers->data;
  for (gsize i = 0; i < n; i++)
    take_number (self, array->type, &out[i]);
  return numbers;
}

GArray *
vai_ubj_read_numbers (VaiUbj *self)
{
  VaiUbjArray array;
  gboolean done;
  if (!vai_ubj_enter_array (self, &array))
    return NULL;
  if (array.type && array.left > 0)
    return take_numbers (self, &array);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));
  while (vai_ubj_next_element (self, &array, &done))
    {
      char type;
      double number;
      if (!take (self, &type) || !take_number (self, type, &number))
        return NULL;
      g_array_append_val (numbers, number);
    }
  return done ? g_steal_pointer (&numbers) : NULL;
}

gboolean
vai_ubj_read_text (VaiUbj *self, char *text, gsize size)
{
  return take_mark (self, 'S') && take_bytes (self, text, size);
}

static gboolean skip_value (VaiUbj *self, char type, guint depth);

static gboolean
skip_array (VaiUbj *self, guint depth)
{
  VaiUbjArray array;
  gboolean done;
  self->at--; /* back onto the mark */
  if (!vai_ubj_enter_array (self, &array))
    return FALSE;
  while (vai_ubj_next_element (self, &array, &done))
    {
      char type = array.type;
      if ((!type && !take (self, &type)) || !skip_value (self, type, depth))
        return FALSE;
    }
  return done;
}

static gboolean
skip_object (VaiUbj *self, guint depth)
{
  char key[256], type;
  gboolean done;
  while (vai_ubj_next_key (self, key, sizeof key, &done))
    if (!take (self, &type) || !skip_value (self, type, depth))
      return FALSE;
  return done;
}

/* The mark @type has been read. */
static gboolean
skip_value (VaiUbj *self, char type, guint depth)
{
  gint64 length;
  if (depth >= VAI_UBJ_DEPTH_MAX)
    return FALSE;
  if (type == '[')
    return skip_array (self, depth + 1);
  if (type == '{')
    return skip_object (self, depth + 1);
  if (type == 'S' || type == 'H')
    {
      if (!take_length (self, &length))
        return FALSE;
      self->at += length;
      return TRUE;
    }
  int size = size_of (type);
  if (size < 0 || self->size - self->at < (gsize) size)
    return FALSE;
  self->at += size;
  return TRUE;
}

gboolean
vai_ubj_skip (VaiUbj *self)
{
  char type;
  return take (self, &type) && skip_value (self, type, 0);
}
