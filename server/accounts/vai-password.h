/* Passwords: Argon2id, 64 MiB and two passes, as many at once as there are processors. */
#pragma once

#include "vai-reply.h"
#include "vai-server.h"

G_BEGIN_DECLS

#define VAI_PASSWORD_CHARACTERS_MIN 10
#define VAI_PASSWORD_CHARACTERS_MAX 128

/* The hash to keep, or NULL when too many wait for theirs. Takes tens of milliseconds. Free with g_free(). */
char *vai_password_hash (const char *password);

typedef enum
{
  VAI_PASSWORD_WRONG,
  VAI_PASSWORD_RIGHT,
  VAI_PASSWORD_BUSY, /* too many wait */
} VaiPasswordCheck;

/* Takes as long for @hash NULL, an account that is not there, as for one that is. */
VaiPasswordCheck vai_password_check (const char *password, const char *hash);

/* TRUE when @hash was made with weaker parameters than those of today. */
gboolean vai_password_is_old (const char *hash);

/* NULL when @password may be taken; else the refusal of @field: too common, or the name or address of its owner. */
VaiReply *
vai_password_refuse (VaiServer *server, const char *field, const char *password, const char *email, const char *name);

G_END_DECLS
