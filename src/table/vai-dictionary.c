#include "vai-dictionary.h"

#include "vai-hash.h"

#include <string.h>

/* Slots are twice the texts at least: probes stay short. A power of two. */
#define SLOTS_MIN 16

/* Bytes behind a short text that are read with it. */
#define SLACK 16

typedef struct
{
  guint32 hash;
  gint32 code; /* VAI_CODE_MISSING: empty */
} Slot;

struct _VaiDictionary
{
  char *arena; /* owned: the texts, each with a NUL behind it */
  gsize arena_size;
  gsize arena_capacity;
  gsize *offsets; /* owned: n + 1, the last is arena_size */
  guint offsets_capacity;
  guint n;
  Slot *slots; /* owned */
  guint n_slots;
};

static Slot *
new_slots (guint n)
{
  Slot *slots = g_new (Slot, n);
  memset (slots, 0xff, n * sizeof (Slot));
  return slots;
}

VaiDictionary *
vai_dictionary_new (void)
{
  VaiDictionary *self = g_new0 (VaiDictionary, 1);
  self->offsets_capacity = SLOTS_MIN;
  self->offsets = g_new0 (gsize, self->offsets_capacity);
  self->n_slots = SLOTS_MIN;
  self->slots = new_slots (self->n_slots);
  return self;
}

void
vai_dictionary_free (VaiDictionary *self)
{
  if (self == NULL)
    return;
  g_free (self->arena);
  g_free (self->offsets);
  g_free (self->slots);
  g_free (self);
}

static inline gsize
length_of (const VaiDictionary *self, gint32 code)
{
  return self->offsets[code + 1] - self->offsets[code] - 1;
}

/* 16 bytes can be read at both: texts are followed by slack, in the arena too. */
static inline gboolean
are_equal (const char *a, const char *b, gsize length)
{
  if (length > 16)
    return memcmp (a, b, length) == 0;
  guint64 low = vai_hash_load_masked (a, length) ^ vai_hash_load_masked (b, length);
  guint64 high = length > 8 ? vai_hash_load_masked (a + 8, length - 8) ^ vai_hash_load_masked (b + 8, length - 8) : 0;
  return (low | high) == 0;
}

static inline gboolean
is_text (const VaiDictionary *self, gint32 code, const char *text, gsize length)
{
  return length_of (self, code) == length && are_equal (self->arena + self->offsets[code], text, length);
}

/* The slot that holds @text, or the empty one where it belongs. */
static inline guint
find_slot (const VaiDictionary *self, guint32 hash, const char *text, gsize length)
{
  guint mask = self->n_slots - 1;
  guint at = hash & mask;
  for (;;)
    {
      const Slot *slot = &self->slots[at];
      if (slot->code == VAI_CODE_MISSING || (slot->hash == hash && is_text (self, slot->code, text, length)))
        return at;
      at = (at + 1) & mask;
    }
}

static void
grow_slots (VaiDictionary *self)
{
  g_autofree Slot *old = self->slots;
  guint n_old = self->n_slots;
  self->n_slots *= 2;
  self->slots = new_slots (self->n_slots);
  guint mask = self->n_slots - 1;
  for (guint i = 0; i < n_old; i++)
    {
      if (old[i].code == VAI_CODE_MISSING)
        continue;
      guint at = old[i].hash & mask;
      while (self->slots[at].code != VAI_CODE_MISSING)
        at = (at + 1) & mask;
      self->slots[at] = old[i];
    }
}

static void
append_text (VaiDictionary *self, const char *text, gsize length)
{
  gsize need = self->arena_size + length + 1;
  if (need + SLACK > self->arena_capacity)
    {
      self->arena_capacity = MAX (need + SLACK, self->arena_capacity + self->arena_capacity / 2 + 64);
      self->arena = g_realloc (self->arena, self->arena_capacity);
    }
  if (self->n + 2 > self->offsets_capacity)
    {
      self->offsets_capacity += self->offsets_capacity / 2;
      self->offsets = g_renew (gsize, self->offsets, self->offsets_capacity);
    }
  if (length > 0)
    memcpy (self->arena + self->arena_size, text, length);
  self->arena[self->arena_size + length] = '\0';
  self->arena_size = need;
  self->offsets[self->n + 1] = need;
}

static inline gint32
add_hashed (VaiDictionary *self,
            guint32 hash,
            const char *text,
            gsize length,
            gboolean (*skip) (const char *text, gsize length))
{
  guint at = find_slot (self, hash, text, length);
  if (G_LIKELY (self->slots[at].code != VAI_CODE_MISSING))
    return self->slots[at].code;
  if (skip != NULL && skip (text, length))
    return VAI_CODE_MISSING;
  append_text (self, text, length);
  gint32 code = self->n;
  self->slots[at] = (Slot){ hash, code };
  self->n++;
  if (self->n > self->n_slots / 2)
    grow_slots (self);
  return code;
}

/* A short text with slack behind it: in @copy when it may have none. */
static const char *
with_slack (const char *text, gsize length, char *copy)
{
  if (length > SLACK)
    return text;
  memset (copy, 0, 2 * SLACK);
  if (length > 0)
    memcpy (copy, text, length);
  return copy;
}

gint32
vai_dictionary_add (VaiDictionary *self, const char *text, gsize length)
{
  char copy[2 * SLACK];
  text = with_slack (text, length, copy);
  return add_hashed (self, vai_hash_slack (text, length), text, length, NULL);
}

void
vai_dictionary_add_batch (VaiDictionary *self,
                          const char *const *texts,
                          const guint32 *lengths,
                          guint n,
                          gboolean (*skip) (const char *text, gsize length),
                          gint32 *codes)
{
  guint32 hashes[VAI_DICTIONARY_BATCH];
  g_return_if_fail (n <= VAI_DICTIONARY_BATCH);
  for (guint i = 0; i < n; i++)
    {
      hashes[i] = vai_hash_slack (texts[i], lengths[i]);
      __builtin_prefetch (&self->slots[hashes[i] & (self->n_slots - 1)]);
    }
  for (guint i = 0; i < n; i++)
    codes[i] = lengths[i] == 0 ? VAI_CODE_MISSING : add_hashed (self, hashes[i], texts[i], lengths[i], skip);
}

/* Others may have been put behind its slot since: all are placed anew. */
void
vai_dictionary_remove_last (VaiDictionary *self)
{
  g_return_if_fail (self->n > 0);
  self->n--;
  self->arena_size = self->offsets[self->n];
  memset (self->slots, 0xff, self->n_slots * sizeof (Slot));
  for (guint code = 0; code < self->n; code++)
    {
      const char *text = self->arena + self->offsets[code];
      guint32 hash = vai_hash_slack (text, length_of (self, code));
      guint at = find_slot (self, hash, text, length_of (self, code));
      self->slots[at] = (Slot){ hash, code };
    }
}

gint32
vai_dictionary_lookup (const VaiDictionary *self, const char *text, gsize length)
{
  char copy[2 * SLACK];
  text = with_slack (text, length, copy);
  return self->slots[find_slot (self, vai_hash_slack (text, length), text, length)].code;
}

const char *
vai_dictionary_get (const VaiDictionary *self, gint32 code, gsize *length)
{
  g_return_val_if_fail (code >= 0 && (guint) code < self->n, "");
  if (length != NULL)
    *length = length_of (self, code);
  return self->arena + self->offsets[code];
}

guint
vai_dictionary_get_size (const VaiDictionary *self)
{
  return self->n;
}

gsize
vai_dictionary_get_bytes (const VaiDictionary *self)
{
  return self->arena_capacity + self->offsets_capacity * sizeof (gsize) + self->n_slots * sizeof (Slot);
}
