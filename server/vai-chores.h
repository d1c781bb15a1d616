/* What the server does by itself: sends mail, works on Stripe's events, lets credits expire, tidies up. Each is a row
 * in vai-chores.c. The thread of a lane does one chore at a time: what waits for others has a lane of its own, so that
 * it keeps nothing else waiting. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_LANE_QUICK,
  VAI_LANE_MAIL,
  VAI_LANE_STRIPE,
  VAI_LANE_FILES,
  VAI_LANE_N
} VaiLane;

typedef struct
{
  const char *name;
  guint seconds; /* between two runs */
  void (*run) (VaiServer *server, VaiConnection *connection);
  VaiLane lane;
} VaiChore;

/* They are there before and after everything that may wake them; they run from start to stop. */
VaiChores *vai_chores_new (VaiServer *server);
void vai_chores_start (VaiChores *self);
void vai_chores_stop (VaiChores *self);
void vai_chores_free (VaiChores *self);

/* The chore @name is due now. From any thread. */
void vai_chores_wake (VaiServer *server, const char *name);

G_END_DECLS
