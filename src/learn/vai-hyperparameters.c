#include "vai-member.h"

#include "vai-error.h"
#include "vai-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LOGISTIC (1u << VAI_ALGORITHM_LOGISTIC)
#define BOOSTED ((1u << VAI_ALGORITHM_BOOSTED_TREES) | (1u << VAI_ALGORITHM_ADDITIVE))
#define TREES (BOOSTED | (1u << VAI_ALGORITHM_RANDOM_FOREST))

/* What can be set, for which algorithms, and within which bounds: beyond them a training takes hours or gives nothing.
 */
typedef struct
{
  const char *name;
  guint algorithms;
  gboolean whole;
  gsize offset;
  double min, max;
} Parameter;

#define PLACE(field) G_STRUCT_OFFSET (VaiHyperparameters, field)

static const Parameter parameters[] = {
  { "strength", LOGISTIC, FALSE, PLACE (strength), 1e-6, 1e6 },
  { "rounds", TREES, TRUE, PLACE (rounds), 1, 10000 },
  { "depth", TREES, TRUE, PLACE (depth), 1, 16 },
  { "learning_rate", BOOSTED, FALSE, PLACE (learning_rate), 1e-4, 1 },
  { "min_child_weight", TREES, FALSE, PLACE (min_child_weight), 0.001, 10000 },
  { "lambda", TREES, FALSE, PLACE (lambda), 0, 10000 },
  { "gamma", TREES, FALSE, PLACE (gamma), 0, 10000 },
  { "row_sample", TREES, FALSE, PLACE (row_sample), 0.05, 1 },
  { "column_sample", TREES, FALSE, PLACE (column_sample), 0.05, 1 },
  { "patience", BOOSTED, TRUE, PLACE (patience), 0, 10000 },
};

void
vai_hyperparameters_init (VaiHyperparameters *self, VaiAlgorithm algorithm)
{
  *self = (VaiHyperparameters){ .algorithm = algorithm, .strength = NAN };
  switch (algorithm)
    {
    case VAI_ALGORITHM_BOOSTED_TREES:
    case VAI_ALGORITHM_ADDITIVE:
      self->rounds = 600;
      self->depth = algorithm == VAI_ALGORITHM_ADDITIVE ? 3 : 4;
      self->learning_rate = 0.05;
      self->min_child_weight = 3;
      self->lambda = 3;
      self->row_sample = 0.8;
      self->column_sample = 0.8;
      self->patience = 30;
      break;
    case VAI_ALGORITHM_RANDOM_FOREST:
      self->rounds = 300;
      self->depth = 12;
      self->learning_rate = 1;
      self->min_child_weight = 1;
      self->lambda = 1;
      self->row_sample = 0.8;
      self->column_sample = 0.5;
      break;
    default:
      break;
    }
}

static gboolean
applies (const Parameter *parameter, const VaiHyperparameters *self)
{
  return parameter->algorithms & (1u << self->algorithm);
}

static void
set_usage (const VaiHyperparameters *self, const char *name, const char *value, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    if (applies (&parameters[i], self))
      g_string_append_printf (known, "%s%s (%g–%g)", known->len ? ", " : "", parameters[i].name, parameters[i].min,
                              parameters[i].max);
  if (known->len == 0)
    g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s=%s” cannot be set: “%s” has no parameters."), name, value,
                 vai_algorithm_name (self->algorithm));
  else
    g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s=%s” cannot be set. “%s” has these parameters: %s."), name,
                 value, vai_algorithm_name (self->algorithm), known->str);
}

gboolean
vai_hyperparameters_set (VaiHyperparameters *self, const char *name, const char *value, GError **error)
{
  char *end = NULL;
  double number = g_ascii_strtod (value, &end);
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      const Parameter *parameter = &parameters[i];
      if (!g_str_equal (parameter->name, name) || !applies (parameter, self))
        continue;
      if (end == value || *end || !(number >= parameter->min && number <= parameter->max)
          || (parameter->whole && number != floor (number)))
        break;
      if (parameter->whole)
        G_STRUCT_MEMBER (guint, self, parameter->offset) = number;
      else
        G_STRUCT_MEMBER (double, self, parameter->offset) = number;
      return TRUE;
    }
  set_usage (self, name, value, error);
  return FALSE;
}

gboolean
vai_hyperparameters_get (const VaiHyperparameters *self, guint index, VaiParameter *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      const Parameter *from = &parameters[i];
      if (!applies (from, self) || index-- > 0)
        continue;
      *parameter = (VaiParameter){ from->name, from->whole, from->min, from->max,
                                   from->whole ? G_STRUCT_MEMBER (guint, self, from->offset)
                                               : G_STRUCT_MEMBER (double, self, from->offset) };
      return TRUE;
    }
  return FALSE;
}

JsonNode *
vai_hyperparameters_to_json (const VaiHyperparameters *self)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "algorithm", vai_algorithm_name (self->algorithm));
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    if (applies (&parameters[i], self))
      {
        if (parameters[i].whole)
          json_object_set_int_member (object, parameters[i].name, G_STRUCT_MEMBER (guint, self, parameters[i].offset));
        else
          vai_json_set_double (object, parameters[i].name, G_STRUCT_MEMBER (double, self, parameters[i].offset));
      }
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

gboolean
vai_hyperparameters_from_json (VaiHyperparameters *self, JsonNode *node, GError **error)
{
  JsonObject *object = vai_json_node_get_object (node, error);
  const char *name = object ? vai_json_get_string (object, "algorithm", error) : NULL;
  VaiAlgorithm algorithm;
  if (!name)
    return FALSE;
  if (!vai_algorithm_from_name (name, &algorithm) || algorithm == VAI_ALGORITHM_AUTO)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NEWER,
                   _ ("The model was made by “%s”, which this version does not know: use a newer ValutAI."), name);
      return FALSE;
    }
  vai_hyperparameters_init (self, algorithm);
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      double value;
      if (!applies (&parameters[i], self))
        continue;
      if (!vai_json_get_double (object, parameters[i].name, &value, error))
        return FALSE;
      gboolean unset = isnan (value) && !parameters[i].whole;
      if (!unset && !(value >= parameters[i].min && value <= parameters[i].max))
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("“%s” is missing or is not what it should be."),
                       parameters[i].name);
          return FALSE;
        }
      if (parameters[i].whole)
        G_STRUCT_MEMBER (guint, self, parameters[i].offset) = value;
      else
        G_STRUCT_MEMBER (double, self, parameters[i].offset) = value;
    }
  return TRUE;
}
