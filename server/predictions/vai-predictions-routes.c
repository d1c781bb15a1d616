/* Scoring with a published model: the same engine as on the desk, metered by quote. */
#include "vai-error.h"
#include "vai-json-build.h"
#include "vai-ledger.h"
#include "vai-prices.h"
#include "vai-route.h"
#include "vai-scorers.h"
#include "vai-time.h"

#define QUOTES_MAX 1000
#define BODY_MAX (4 * 1024 * 1024)

static const VaiField fields[] = {
  { "model_id", VAI_FIELD_ID },
  { "quotes", VAI_FIELD_ARRAY, VAI_FIELD_REQUIRED, 1, QUOTES_MAX },
  { "contributions", VAI_FIELD_BOOLEAN, VAI_FIELD_OPTIONAL },
  { NULL },
};

/* ── Reading quotes ── */

/* A value as a person would write it; NULL when it is neither text, number nor null. */
static char *
dup_value (JsonNode *node)
{
  if (JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("");
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return json_node_dup_string (node);
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    case G_TYPE_DOUBLE:
      {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        return g_strdup (g_ascii_dtostr (text, sizeof text, json_node_get_double (node)));
      }
    default:
      return NULL;
    }
}

static VaiReply *
refuse_quote (guint index, const char *column, const char *why)
{
  g_autofree char *field = g_strdup_printf ("quotes[%u].%s", index, column);
  return vai_reply_new_refusal (VAI_REFUSAL_INVALID, field, "%s", why);
}

/* Puts the members of @quote into row @index. NULL: done. */
static VaiReply *
fill_row (VaiFrame *frame, guint index, JsonNode *quote)
{
  if (!JSON_NODE_HOLDS_OBJECT (quote))
    return refuse_quote (index, "", "A quote is an object of columns and values.");
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init (&iter, json_node_get_object (quote));
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = dup_value (node);
      if (text == NULL)
        return refuse_quote (index, name, "A value is a text, a number or null.");
      /* A column that the model does not use is no mistake: a quote has more columns than a model. */
      if (!vai_frame_set_text (frame, index, name, text, &error)
          && !g_error_matches (error, VAI_ERROR, VAI_ERROR_NO_COLUMN))
        return refuse_quote (index, name, error->message);
    }
  return NULL;
}

/* ── Writing scores ── */

static void
write_contributions (JsonBuilder *builder, const VaiFrame *frame, guint row, const double *contributions)
{
  vai_json_begin_list (builder, "contributions");
  for (guint f = 0; f < frame->n_features; f++)
    {
      g_autofree char *value = vai_frame_dup_text (frame, row, f);
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "name", vai_schema_feature (frame->schema, f)->name);
      vai_json_add_text (builder, "value", value != NULL ? value : "");
      vai_json_add_real (builder, "contribution", contributions[f]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  vai_json_add_real (builder, "base", contributions[frame->n_features]);
}

static void
write_score (JsonBuilder *builder,
             VaiScorer *scorer,
             const VaiFrame *frame,
             guint row,
             const VaiScore *score,
             const double *contributions)
{
  json_builder_begin_object (builder);
  vai_json_add_real (builder, "win_probability", score->win_probability);
  vai_json_add_real (builder, "probability_low", score->low);
  vai_json_add_real (builder, "probability_high", score->high);
  vai_json_add_real (builder, "confidence", score->confidence);
  vai_json_add_text (builder, "verdict", vai_verdict_name (score->verdict));
  vai_json_add_integer (builder, "similar_quotes", score->n_similar);
  vai_json_add_real (builder, "calibration", score->calibration);
  vai_json_begin_list (builder, "warnings");
  g_autoptr (GPtrArray) warnings = vai_scorer_warnings (scorer, frame, row);
  for (guint i = 0; i < warnings->len; i++)
    json_builder_add_string_value (builder, warnings->pdata[i]);
  json_builder_end_array (builder);
  if (contributions != NULL)
    write_contributions (builder, frame, row, contributions);
  json_builder_end_object (builder);
}

/* All of them as one JSON array. */
static JsonNode *
score_rows (VaiScorer *scorer, const VaiFrame *frame, gboolean with_contributions, GError **error)
{
  gsize n = frame->n_rows, width = frame->n_features + 1;
  g_autofree VaiScore *scores = g_new (VaiScore, n);
  g_autofree double *contributions = with_contributions ? g_new (double, n *width) : NULL;
  if (!vai_scorer_score (scorer, frame, NULL, n, 1, scores, contributions, NULL, error))
    return NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    write_score (builder, scorer, frame, i, &scores[i], with_contributions ? contributions + i * width : NULL);
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/* ── The charge ── */

typedef struct
{
  const char *model_id;
  const char *fingerprint;
  const char *spend_id;
  guint n;
  JsonNode *predictions;
} Charge;

static VaiReply *
charge_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Charge *charge = data;
  gint64 cost = vai_prices_get_cost (transaction, "prediction", charge->n, 0);
  if (cost < 0)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "This server does not score quotes at present.");
  VaiLedgerSpend spend = { .id = charge->spend_id,
                           .user_id = call->user_id,
                           .operation = "prediction",
                           .amount = cost,
                           .resource_id = charge->model_id,
                           .description = "Quotes scored by the server" };
  gint64 balance;
  if (vai_ledger_spend (transaction, &spend, call->now, &balance) == VAI_LEDGER_INSUFFICIENT)
    return vai_reply_new_refusal (VAI_REFUSAL_INSUFFICIENT_CREDITS, NULL,
                                  "This costs %" G_GINT64_FORMAT " credits and you have %" G_GINT64_FORMAT ".", cost,
                                  balance);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "model_id", charge->model_id);
  vai_json_add_text (builder, "fingerprint", charge->fingerprint);
  vai_json_add_integer (builder, "cost", cost);
  vai_json_add_integer (builder, "balance", balance);
  json_builder_set_member_name (builder, "predictions");
  json_builder_add_value (builder, json_node_ref (charge->predictions));
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
score_with (VaiCall *call, VaiServedModel *served)
{
  VaiScorer *scorer = vai_served_model_get_scorer (served);
  JsonArray *quotes = json_object_get_array_member (call->message, "quotes");
  guint n = json_array_get_length (quotes);
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (vai_scorer_get_model (scorer)->schema, n);
  for (guint i = 0; i < n; i++)
    {
      VaiReply *refusal = fill_row (frame, i, json_array_get_element (quotes, i));
      if (refusal != NULL)
        return refusal;
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) predictions
      = score_rows (scorer, frame, vai_message_get_boolean (call->message, "contributions", FALSE), &error);
  if (predictions == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_INTERNAL, NULL, "%s", error->message);
  g_autofree char *unique = vai_uuid_new ();
  g_autofree char *spend_id = g_strconcat ("prediction:", unique, NULL);
  Charge charge = { vai_message_get_text (call->message, "model_id", NULL), vai_served_model_get_fingerprint (served),
                    spend_id, n, predictions };
  return vai_call_write (call, charge_work, &charge);
}

static VaiReply *
post_predictions (VaiCall *call)
{
  /* The model may be gone since. */
  VaiReply *refusal = vai_call_repeat (call);
  if (refusal != NULL)
    return refusal;
  g_autoptr (VaiServedModel) served
      = vai_scorers_get (call, vai_message_get_text (call->message, "model_id", NULL), &refusal);
  if (served != NULL)
    return score_with (call, served);
  /* What was charged is given again, also when its model is gone. */
  VaiReply *first = vai_call_repeat (call);
  if (first == NULL)
    return refusal;
  vai_reply_free (refusal);
  return first;
}

const VaiRoute vai_predictions_routes[] = {
  { "POST", "/api/v1/predictions", VAI_ACCESS_SESSION, VAI_RATE_WRITE, BODY_MAX, fields, post_predictions,
    VAI_ROUTE_SESSION_INSIDE },
  { NULL },
};
