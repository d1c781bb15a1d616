#include "vai-remark.h"

#include "vai-error.h"
#include "vai-json.h"

#include <glib/gi18n-lib.h>

/* As the model file spells them. */
static const char *const NAMES[VAI_N_REMARKS] = {
  [VAI_REMARK_ROUGH] = "rough",
  [VAI_REMARK_STOPPED_EARLY] = "stopped-early",
  [VAI_REMARK_FAILS_FORWARD] = "fails-forward",
  [VAI_REMARK_NO_SIGNAL] = "no-signal",
  [VAI_REMARK_SET_ASIDE] = "set-aside",
  [VAI_REMARK_DATES_NUMBERS] = "dates-numbers",
  [VAI_REMARK_DATES_UNREAD] = "dates-unread",
  [VAI_REMARK_PERIODS_TOO_FEW] = "periods-too-few",
  [VAI_REMARK_PERIODS_SKIPPED] = "periods-skipped",
  [VAI_REMARK_IDENTIFIER_TIES] = "identifier-ties",
  [VAI_REMARK_LEAK_KEPT] = "leak-kept",
  [VAI_REMARK_IGNORED_LEAK] = "ignored-leak",
  [VAI_REMARK_IGNORED_NAMES_QUOTE] = "ignored-names-quote",
  [VAI_REMARK_IGNORED_REPEATS_COLUMN] = "ignored-repeats-column",
  [VAI_REMARK_IGNORED_BY_YOU] = "ignored-by-you",
  [VAI_REMARK_IGNORED_EMPTY] = "ignored-empty",
  [VAI_REMARK_IGNORED_IDENTIFIER] = "ignored-identifier",
  [VAI_REMARK_IGNORED_CLOSING] = "ignored-closing",
  [VAI_REMARK_IGNORED_CONSTANT] = "ignored-constant",
};

static void
remark_free (gpointer data)
{
  VaiRemark *self = data;
  g_free (self->subject);
  g_free (self);
}

GPtrArray *
vai_remarks_new (void)
{
  return g_ptr_array_new_with_free_func (remark_free);
}

void
vai_remarks_add (GPtrArray *remarks, VaiRemarkKind kind, const char *subject, gint64 a, gint64 b)
{
  VaiRemark *self = g_new (VaiRemark, 1);
  *self = (VaiRemark){ kind, g_strdup (subject), a, b };
  g_ptr_array_add (remarks, self);
}

static char *
set_aside_words (const char *value, gsize count)
{
  return g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE, "%zu quote with the outcome “%s” was set aside, as neither won nor lost: say which it is.",
          "%zu quotes with the outcome “%s” were set aside, as neither won nor lost: say which they are.", count),
      count, value);
}

static char *
skipped_words (guint periods)
{
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u period was not tested: too few quotes of one outcome were decided before it.",
                   "%u periods were not tested: too few quotes of one outcome were decided before them.", periods),
      periods);
}

static char *
warning_words (const VaiRemark *self)
{
  const char *subject = self->subject != NULL ? self->subject : "";
  switch (self->kind)
    {
    case VAI_REMARK_ROUGH:
      return g_strdup_printf (_ ("With %u decided quotes every figure is rough: look at the intervals."),
                              (guint) self->a);
    case VAI_REMARK_STOPPED_EARLY:
      return g_strdup_printf (_ ("Stopped early by you: %u of %u planned tries were made."), (guint) self->a,
                              (guint) self->b);
    case VAI_REMARK_FAILS_FORWARD:
      return g_strdup (
          _ ("What was found among these quotes does not hold for later ones: the model answers with the base rate."));
    case VAI_REMARK_NO_SIGNAL:
      return g_strdup (_ ("No signal: on quotes it had not seen, the model is no better than the base rate."));
    case VAI_REMARK_SET_ASIDE:
      return set_aside_words (subject, self->a);
    case VAI_REMARK_DATES_NUMBERS:
      return g_strdup_printf (_ ("“%s” holds numbers, not dates: quotes with a smaller number are taken to be older."),
                              subject);
    case VAI_REMARK_DATES_UNREAD:
      return g_strdup_printf (
          _ ("“%s” holds no dates that can be read, so the quotes were tested by cross-validation, not by date."),
          subject);
    case VAI_REMARK_PERIODS_TOO_FEW:
      return g_strdup_printf (_ ("The quotes could not be tested by date: fewer than %d periods have %d won and %d "
                                 "lost quotes decided before them. They were tested by cross-validation."),
                              (int) self->a, (int) self->b, (int) self->b);
    case VAI_REMARK_PERIODS_SKIPPED:
      return skipped_words (self->a);
    case VAI_REMARK_IDENTIFIER_TIES:
      return g_strdup_printf (_ ("“%s” ties %d%% of the quotes together, with too many of the won or lost ones: its "
                                 "quotes were not kept together when the model was tested."),
                              subject, (int) self->a);
    default:
      return g_strdup_printf (
          _ ("“%s” gives the outcome away and was learned from: the figures look better than the model is."), subject);
    }
}

static const char *
ignored_reason (VaiRemarkKind kind)
{
  switch ((guint) kind)
    {
    case VAI_REMARK_IGNORED_LEAK:
      return _ ("left out: it gives the answer away");
    case VAI_REMARK_IGNORED_NAMES_QUOTE:
      return _ ("left out: it names the quote and would be learned by heart");
    case VAI_REMARK_IGNORED_REPEATS_COLUMN:
      return _ ("left out: it says the same as another column");
    case VAI_REMARK_IGNORED_BY_YOU:
      return _ ("left out by you");
    case VAI_REMARK_IGNORED_EMPTY:
      return _ ("no value in any row");
    case VAI_REMARK_IGNORED_IDENTIFIER:
      return _ ("identifier: keeps the rows of one quote together, is not learned from");
    case VAI_REMARK_IGNORED_CLOSING:
      return _ ("known only after the decision");
    case VAI_REMARK_IGNORED_CONSTANT:
      return _ ("the same value in every decided quote");
    default:
      return NULL;
    }
}

char *
vai_remark_words (const VaiRemark *self)
{
  const char *reason = ignored_reason (self->kind);
  return reason != NULL ? g_strdup (reason) : warning_words (self);
}

JsonArray *
vai_remarks_to_json (const GPtrArray *remarks)
{
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < remarks->len; i++)
    {
      const VaiRemark *self = g_ptr_array_index (remarks, i);
      JsonObject *object = json_object_new ();
      json_object_set_string_member (object, "kind", NAMES[self->kind]);
      json_object_set_string_member (object, "subject", self->subject != NULL ? self->subject : "");
      json_object_set_int_member (object, "a", self->a);
      json_object_set_int_member (object, "b", self->b);
      json_array_add_object_element (array, object);
    }
  return array;
}

static gboolean
read_remark (JsonNode *node, GPtrArray *remarks, GError **error)
{
  JsonObject *object = vai_json_node_get_object (node, error);
  const char *name = object != NULL ? vai_json_get_string (object, "kind", error) : NULL;
  const char *subject = name != NULL ? vai_json_get_string (object, "subject", error) : NULL;
  guint64 a, b;
  if (subject == NULL || !vai_json_get_uint (object, "a", G_MAXINT64, &a, error)
      || !vai_json_get_uint (object, "b", G_MAXINT64, &b, error))
    return FALSE;
  for (guint kind = 0; kind < VAI_N_REMARKS; kind++)
    if (g_str_equal (name, NAMES[kind]))
      {
        vai_remarks_add (remarks, kind, subject, a, b);
        return TRUE;
      }
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The model file holds a remark “%s” that there is not."), name);
  return FALSE;
}

GPtrArray *
vai_remarks_from_json (JsonObject *object, const char *name, GError **error)
{
  JsonArray *array = vai_json_get_array (object, name, error);
  g_autoptr (GPtrArray) remarks = vai_remarks_new ();
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!read_remark (json_array_get_element (array, i), remarks, error))
      return NULL;
  return array != NULL ? g_steal_pointer (&remarks) : NULL;
}
