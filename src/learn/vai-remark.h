/* What training has to say of a table, kept as a fact: the words are made for whoever reads, so that a model is the
 * same file whatever language it was trained in, and is read in the reader's. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_REMARK_ROUGH,         /* a: decided quotes */
  VAI_REMARK_STOPPED_EARLY, /* a: tries made, b: tries planned */
  VAI_REMARK_FAILS_FORWARD,
  VAI_REMARK_NO_SIGNAL,
  VAI_REMARK_SET_ASIDE,       /* subject: value of the outcome, a: quotes */
  VAI_REMARK_DATES_NUMBERS,   /* subject: column */
  VAI_REMARK_DATES_UNREAD,    /* subject: column */
  VAI_REMARK_PERIODS_TOO_FEW, /* a: periods, b: quotes of each outcome */
  VAI_REMARK_PERIODS_SKIPPED, /* a: periods */
  VAI_REMARK_IDENTIFIER_TIES, /* subject: column, a: percent of the quotes */
  VAI_REMARK_LEAK_KEPT,       /* subject: column */
  /* Why a column, the subject, is not learned from. */
  VAI_REMARK_IGNORED_LEAK,
  VAI_REMARK_IGNORED_NAMES_QUOTE,
  VAI_REMARK_IGNORED_REPEATS_COLUMN,
  VAI_REMARK_IGNORED_BY_YOU,
  VAI_REMARK_IGNORED_EMPTY,
  VAI_REMARK_IGNORED_IDENTIFIER,
  VAI_REMARK_IGNORED_CLOSING,
  VAI_REMARK_IGNORED_CONSTANT,
  VAI_N_REMARKS
} VaiRemarkKind;

typedef struct
{
  VaiRemarkKind kind;
  char *subject; /* owned, nullable */
  gint64 a, b;   /* what they count is said beside the kind */
} VaiRemark;

/* A list that owns its remarks. */
GPtrArray *vai_remarks_new (void);
void vai_remarks_add (GPtrArray *remarks, VaiRemarkKind kind, const char *subject, gint64 a, gint64 b);

/* A sentence; of an ignored column the reason alone, without its name. Translated. Free with g_free(). */
char *vai_remark_words (const VaiRemark *self);

JsonArray *vai_remarks_to_json (const GPtrArray *remarks);

/* NULL when the member @name of @object is no list of remarks. Error DAMAGED. */
GPtrArray *vai_remarks_from_json (JsonObject *object, const char *name, GError **error);

G_END_DECLS
