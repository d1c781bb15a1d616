/* What the server does by itself: sends mail, works on Stripe's events, lets credits expire, tidies up. One thread does
 * one chore at a time; each is a row in vai-chores.c. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name; /* NULL ends a table */
  guint seconds;    /* between two runs */
  void (*run) (VaiServer *server, VaiConnection *connection);
} VaiChore;

VaiChores *vai_chores_new (VaiServer *server);
void vai_chores_free (VaiChores *self);

/* The chore @name is due now. From any thread. */
void vai_chores_wake (VaiServer *server, const char *name);

G_END_DECLS
