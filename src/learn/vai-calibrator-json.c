#include "vai-calibrator-private.h"

#include "vai-error.h"
#include "vai-json.h"

#include <glib/gi18n-lib.h>

/* Knots that a file may hold: the isotonic curve of a million rows has some hundred. */
#define KNOTS_MAX 1000000

JsonNode *
vai_calibrator_to_json (const VaiCalibrator *self)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "kind", vai_calibration_name (self->kind));
  if (self->kind == VAI_CALIBRATION_ISOTONIC)
    {
      json_object_set_array_member (object, "margins", vai_json_array_new_doubles (self->isotonic.x, self->isotonic.n));
      json_object_set_array_member (object, "probabilities",
                                    vai_json_array_new_doubles (self->isotonic.y, self->isotonic.n));
    }
  else if (self->kind != VAI_CALIBRATION_NONE)
    {
      json_object_set_double_member (object, "a", self->a);
      if (self->kind == VAI_CALIBRATION_BETA)
        json_object_set_double_member (object, "b", self->b);
      json_object_set_double_member (object, "c", self->c);
    }
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

static void
set_damaged (GError **error)
{
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_DAMAGED,
                       _ ("The model file is damaged: its calibration is not a rising curve. Train the model again."));
}

static gboolean
read_isotonic (VaiIsotonic *self, JsonObject *object, GError **error)
{
  gsize n = 0, n_y = 0;
  self->x = vai_json_dup_finite (object, "margins", KNOTS_MAX, &n, error);
  if (self->x == NULL)
    return FALSE;
  self->y = vai_json_dup_finite (object, "probabilities", KNOTS_MAX, &n_y, error);
  if (self->y == NULL)
    return FALSE;
  self->n = n;
  gboolean good = n == n_y;
  for (gsize i = 0; good && i < n; i++)
    good = self->y[i] > 0 && self->y[i] < 1
           && (i == 0 || (self->x[i] >= self->x[i - 1] && self->y[i] >= self->y[i - 1]));
  if (!good)
    set_damaged (error);
  return good;
}

static gboolean
read_slopes (VaiCalibrator *self, JsonObject *object, GError **error)
{
  if (self->kind == VAI_CALIBRATION_NONE)
    return TRUE;
  if (!vai_json_get_finite (object, "a", &self->a, error) || !vai_json_get_finite (object, "c", &self->c, error))
    return FALSE;
  if (self->kind == VAI_CALIBRATION_BETA && !vai_json_get_finite (object, "b", &self->b, error))
    return FALSE;
  if (self->a >= 0 && self->b >= 0)
    return TRUE;
  set_damaged (error);
  return FALSE;
}

static VaiCalibration
find_kind (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "kind");
  const char *name = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  VaiCalibration kind = 0;
  while (kind < VAI_N_CALIBRATIONS && g_strcmp0 (name, vai_calibration_name (kind)) != 0)
    kind++;
  return kind;
}

VaiCalibrator *
vai_calibrator_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = vai_json_node_get_object (node, error);
  if (object == NULL)
    return NULL;
  g_autoptr (VaiCalibrator) self = g_new0 (VaiCalibrator, 1);
  self->a = 1;
  self->kind = find_kind (object);
  if (self->kind == VAI_N_CALIBRATIONS)
    {
      set_damaged (error);
      return NULL;
    }
  gboolean good = self->kind == VAI_CALIBRATION_ISOTONIC ? read_isotonic (&self->isotonic, object, error)
                                                         : read_slopes (self, object, error);
  return good ? g_steal_pointer (&self) : NULL;
}
