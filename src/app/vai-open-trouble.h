/* A workspace that cannot be opened: what happened and what a person can do about it, for each cause. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_RESCUE_TRY_AGAIN,
  VAI_RESCUE_RESTORE, /* a copy in its place; what is there is set aside */
  VAI_RESCUE_ANEW,    /* a new one in its place; what is there is set aside */
  VAI_RESCUE_FOLDER,  /* a copy of it, or a new one, in another folder, from now on */
  VAI_RESCUE_USUAL,   /* the one in the usual place; the key file that says otherwise is set aside */
} VaiRescue;

#define VAI_RESCUES_MAX 3

typedef struct
{
  const char *what, *todo; /* sentences, translated */
  VaiRescue acts[VAI_RESCUES_MAX];
  guint n_acts; /* the first is what helps most */
} VaiOpenTrouble;

/* @path NULL: not even where it is could be found out. */
VaiOpenTrouble vai_open_trouble (const GError *error, const char *path);

/* The label of its button, translated. */
const char *vai_rescue_label (VaiRescue act);

G_END_DECLS
