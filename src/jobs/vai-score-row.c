#include "vai-score-row.h"

#include "vai-json.h"

#include <math.h>

/* All currencies of the price list have two decimals. */
#define MINOR_UNITS 100

static char *
dup_json (JsonNode *node)
{
  char *text = json_to_string (node, FALSE);

  json_node_unref (node);
  return text;
}

static char *
dup_object (JsonObject *object)
{
  JsonNode *node = json_node_init_object (json_node_alloc (), object);

  json_object_unref (object);
  return dup_json (node);
}

static void
set_price (VaiPredictionRow *row, const char *currency, double price)
{
  if (!isfinite (price) || fabs (price) > (double) G_MAXINT64 / MINOR_UNITS / 2)
    return;
  row->total_price = llround (price * MINOR_UNITS);
  g_free (row->currency);
  row->currency = g_strdup (currency);
}

static void
set_text (char **field, const char *text)
{
  if (*field == NULL && *text != '\0')
    *field = g_strdup (text);
}

void
vai_score_row_set_role (VaiPredictionRow *row, VaiRole role, const char *text, double number, const char *currency)
{
  switch (role)
    {
    case VAI_ROLE_CUSTOMER_SECTOR:
      set_text (&row->customer_sector, text);
      break;
    case VAI_ROLE_CUSTOMER_SIZE:
      set_text (&row->customer_size, text);
      break;
    case VAI_ROLE_CHANNEL:
      set_text (&row->channel, text);
      break;
    case VAI_ROLE_SALES_REP:
      set_text (&row->sales_rep, text);
      break;
    case VAI_ROLE_LEAD_SOURCE:
      set_text (&row->lead_source, text);
      break;
    case VAI_ROLE_DISCOUNT:
      row->discount_percentage = number;
      break;
    case VAI_ROLE_DELIVERY_TIME:
      row->delivery_time = number;
      break;
    case VAI_ROLE_PRICE:
      set_price (row, currency, number);
      break;
    default:
      break;
    }
}

char *
vai_score_row_dup_contributions (const VaiSchema *schema, const VaiScore *score, const double *contributions)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < schema->features->len; i++)
    vai_json_set_double (object, vai_schema_feature (schema, i)->name, contributions[i]);
  vai_json_set_double (object, "base", contributions[schema->features->len]);
  vai_json_set_double (object, "calibration", score->calibration);
  return dup_object (object);
}

static JsonObject *
proposal_to_json (const VaiSchema *schema, const VaiRecommendation *proposal)
{
  JsonObject *object = json_object_new ();
  JsonArray *changes = json_array_new ();

  for (guint i = 0; i < proposal->n_changes; i++)
    {
      JsonObject *change = json_object_new ();
      vai_json_set_text (change, "column", vai_schema_feature (schema, proposal->changes[i].feature)->name);
      vai_json_set_text (change, "from", proposal->changes[i].from);
      vai_json_set_text (change, "to", proposal->changes[i].to);
      json_array_add_object_element (changes, change);
    }
  json_object_set_array_member (object, "changes", changes);
  vai_json_set_double (object, "win_probability", proposal->score.win_probability);
  vai_json_set_double (object, "gain", proposal->gain);
  vai_json_set_double (object, "cost", proposal->cost);
  vai_json_set_text (object, "cost_unit", proposal->cost_is_money ? "money" : "steps");
  return object;
}

static char *
dup_proposals (const VaiSchema *schema, const GPtrArray *proposals)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < proposals->len; i++)
    json_array_add_object_element (array, proposal_to_json (schema, g_ptr_array_index (proposals, i)));
  JsonNode *node = json_node_init_array (json_node_alloc (), array);
  json_array_unref (array);
  return dup_json (node);
}

VaiPredictionRow *
vai_score_row_new (const char *model_id,
                   const VaiFrame *frame,
                   const VaiScore *score,
                   const double *contributions,
                   const GPtrArray *proposals,
                   const char *quote_ref,
                   const char *currency)
{
  VaiPredictionRow *row = vai_row_new (&vai_prediction_row_kind);
  JsonObject *inputs = json_object_new ();

  row->model_id = g_strdup (model_id);
  if (quote_ref != NULL && *quote_ref != '\0')
    row->quote_ref = g_strdup (quote_ref);
  for (guint i = 0; i < frame->n_features; i++)
    {
      const VaiFeature *feature = vai_schema_feature (frame->schema, i);
      g_autofree char *text = vai_frame_dup_text (frame, 0, i);
      json_object_set_string_member (inputs, feature->name, text);
      vai_score_row_set_role (row, feature->role, text,
                              frame->columns[i].numbers != NULL ? frame->columns[i].numbers[0] : NAN, currency);
    }
  row->inputs = dup_object (inputs);
  row->win_probability = score->win_probability;
  row->probability_low = score->low;
  row->probability_high = score->high;
  row->confidence = score->confidence;
  row->verdict = g_strdup (vai_verdict_name (score->verdict));
  row->feature_contributions = vai_score_row_dup_contributions (frame->schema, score, contributions);
  if (proposals != NULL)
    row->recommendations = dup_proposals (frame->schema, proposals);
  return row;
}
