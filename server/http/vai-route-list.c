#include "vai-route-list.h"

#include "vai-json-build.h"
#include "vai-route.h"

static const char *const accesses[] = {
  [VAI_ACCESS_PUBLIC] = "public",   [VAI_ACCESS_TOKEN] = "token",     [VAI_ACCESS_SESSION] = "session",
  [VAI_ACCESS_SUPPORT] = "support", [VAI_ACCESS_BILLING] = "billing", [VAI_ACCESS_OWNER] = "owner",
};

static const char *const kinds[] = {
  [VAI_FIELD_TEXT] = "text",       [VAI_FIELD_EMAIL] = "email", [VAI_FIELD_ID] = "id",
  [VAI_FIELD_INTEGER] = "integer", [VAI_FIELD_REAL] = "real",   [VAI_FIELD_BOOLEAN] = "boolean",
  [VAI_FIELD_OBJECT] = "object",   [VAI_FIELD_ARRAY] = "array",
};

static void
write_field (JsonBuilder *builder, const VaiField *field)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "name", field->name);
  vai_json_add_text (builder, "kind", kinds[field->kind]);
  vai_json_add_flag (builder, "required", !(field->flags & VAI_FIELD_OPTIONAL));
  vai_json_add_flag (builder, "nullable", field->flags & VAI_FIELD_NULLABLE);
  vai_json_add_flag (builder, "visible", field->flags & VAI_FIELD_VISIBLE);
  vai_json_add_integer (builder, "least", field->least);
  vai_json_add_integer (builder, "most", field->most);
  vai_json_begin_list (builder, "values");
  for (guint i = 0; field->values != NULL && field->values[i] != NULL; i++)
    json_builder_add_string_value (builder, field->values[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
write_route (JsonBuilder *builder, const VaiRoute *route)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "method", route->method);
  vai_json_add_text (builder, "path", route->path);
  vai_json_add_text (builder, "access", accesses[route->access]);
  vai_json_add_integer (builder, "body_max", (gint64) route->body_max);
  vai_json_add_flag (builder, "form", route->flags & VAI_ROUTE_FORM);
  vai_json_begin_list (builder, "fields");
  for (const VaiField *field = route->fields; field != NULL && field->name != NULL; field++)
    write_field (builder, field);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

char *
vai_route_list_to_json (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint t = 0; vai_routes[t] != NULL; t++)
    for (const VaiRoute *route = vai_routes[t]; route->method != NULL; route++)
      write_route (builder, route);
  json_builder_end_array (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}
