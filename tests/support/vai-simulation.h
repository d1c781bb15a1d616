/* Simulated quotes with a known true chance, as table and profile: for tests and campaigns of the learning engine. */
#pragma once

#include "vai-profile.h"
#include "vai-random.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_SIMULATION_STRAIGHT, /* log-odds are a sum of single effects */
  VAI_SIMULATION_BENT,     /* bends, steps and two effects that need each other */
  VAI_SIMULATION_WEAK,     /* straight, a third of the strength */
  VAI_SIMULATION_NONE,     /* the base rate for every quote */
  VAI_N_SIMULATIONS
} VaiSimulationKind;

typedef struct
{
  VaiTable *table; /* with column "Outcome": "won", "lost" */
  VaiProfile *profile;
  double *truth; /* chance of each row */
  guint8 *won;
  gsize n;
} VaiSimulation;

/* About @rate of the quotes are won. */
VaiSimulation *vai_simulation_new (VaiSimulationKind kind, gsize n, double rate, guint64 seed);
void vai_simulation_free (VaiSimulation *self);

/* Deals the outcomes anew among the rows: whatever is learned from them then is noise. */
void vai_simulation_shuffle (VaiSimulation *self, guint64 seed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiSimulation, vai_simulation_free)

G_END_DECLS
