/* The log of a device: what it has spent and given back, each entry linked to the one before it by its hash and signed
 * with the key of the device. No input or output; the client, the server and the simulator call the same.
 *
 * The text of an entry, which is what is hashed (SHA-256) and signed (Ed25519), is these lines, each ended by \n:
 *   valutai-entry-1
 *   device ID
 *   epoch N
 *   seq N
 *   prev HASH              64 zeros for the first of an epoch
 *   op ID
 *   kind NAME              of the price list, or “return”
 *   units N
 *   cost N                 credits
 *   price_version N
 *   resource ID            or -
 *   at N                   UTC milliseconds, by the device's clock */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VAI_HASH_SIZE 65       /* hexadecimal and NUL */
#define VAI_SIGNATURE_SIZE 129 /* the same */
#define VAI_PUBLIC_KEY_SIZE 65
#define VAI_SECRET_KEY_BYTES 64
#define VAI_SEED_BYTES 32

/* What the first entry of an epoch is linked to. */
#define VAI_LOG_GENESIS "0000000000000000000000000000000000000000000000000000000000000000"

/* The kind of an entry that gives credits back. */
#define VAI_LOG_RETURN "return"

/* No operation has more rows, and none costs more: sums of a whole log stay far from 64 bits. */
#define VAI_LOG_UNITS_MAX G_GINT64_CONSTANT (1000000000)
#define VAI_LOG_COST_MAX G_GINT64_CONSTANT (1000000000000)

typedef struct
{
  const char *device_id;
  gint64 epoch;
  gint64 seq;            /* from 1 */
  const char *prev_hash; /* hexadecimal */
  const char *op_id;
  const char *op_kind;
  gint64 units;
  gint64 cost;
  gint64 price_version;
  const char *resource_id; /* or NULL */
  gint64 at;
} VaiLogEntry;

/* A pair of keys from a seed of VAI_SEED_BYTES random bytes. */
void vai_signature_make_keys (const guint8 *seed, char public_key[VAI_PUBLIC_KEY_SIZE], guint8 *secret_key);

void vai_signature_make (const char *text, const guint8 *secret_key, char signature[VAI_SIGNATURE_SIZE]);

/* TRUE when the owner of @public_key has signed @text. Any text may be given. */
gboolean vai_signature_check (const char *text, const char *signature, const char *public_key);

/* TRUE for a key as vai_signature_make_keys() writes one. */
gboolean vai_public_key_is_valid (const char *public_key);

/* FALSE for an entry that no device of ours writes: numbers out of range, names that could break a line. */
gboolean vai_log_entry_is_valid (const VaiLogEntry *self);

/* The text above. Free with g_free(). */
char *vai_log_entry_to_text (const VaiLogEntry *self);

/* The hash of such a text. */
void vai_log_hash (const char *text, char hash[VAI_HASH_SIZE]);

/* What a device signs to say that its log of @epoch is an older copy. Free with g_free(). */
char *vai_log_restored_to_text (const char *device_id, gint64 epoch);

gboolean vai_log_entry_is_return (const VaiLogEntry *self);

G_END_DECLS
