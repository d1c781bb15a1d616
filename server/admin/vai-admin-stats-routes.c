/* Statistics, each with its formula beside it, and what the server says of itself. */
#include "vai-json-build.h"
#include "vai-metrics.h"
#include "vai-route.h"
#include "vai-server.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))
#define DAYS_OTHERWISE 30

/* Twice a time is taken from another: that stays a number of 64 bits. */
#define TIME_MAX (G_MAXINT64 / 4)

/* Every statistic takes the begin ($1) and the end ($2) of the period in its SQL, in this order. */
typedef struct
{
  const char *name;
  const char *formula;
  const char *sql;
  gboolean share; /* a count of parts in ten thousand */
} Statistic;

static const Statistic statistics[] = {
  { "sign_ups", "accounts created in the period whose address is confirmed",
    "SELECT count(*) FROM \"user\" WHERE created_at >= $1 AND created_at < $2 AND email_verified = 1" },
  { "active_users", "accounts with a session that was used in the period",
    "SELECT count(DISTINCT user_id) FROM session WHERE updated_at >= $1 AND created_at < $2" },
  { "operations", "spends in the period",
    "SELECT count(*) FROM credit_transaction WHERE type = 'debit' "
    "AND created_at >= $1 AND created_at < $2" },
  { "credits_sold", "credits granted in the period for a purchase or a subscription",
    "SELECT COALESCE(sum(amount), 0) FROM \"grant\" WHERE source IN ('purchase', 'subscription') AND created_at >= $1 "
    "AND created_at < $2" },
  { "credits_given", "credits granted in the period as a gift or by an administrator",
    "SELECT COALESCE(sum(amount), 0) FROM \"grant\" WHERE source IN ('free', 'admin') AND created_at >= $1 "
    "AND created_at < $2" },
  { "credits_used", "credits spent in the period",
    "SELECT COALESCE(-sum(amount), 0) FROM credit_transaction WHERE type = 'debit' AND created_at >= $1 "
    "AND created_at < $2" },
  { "credits_expired", "credits that expired in the period",
    "SELECT COALESCE(-sum(amount), 0) FROM credit_transaction WHERE type = 'expiry' AND created_at >= $1 "
    "AND created_at < $2" },
  { "conversion", "of the accounts created in the period, the share that has paid since",
    "SELECT CASE WHEN count(*) = 0 THEN 0 ELSE 10000 * count(CASE WHEN EXISTS (SELECT 1 FROM payment_claw c WHERE "
    "c.user_id = u.id) THEN 1 END) / count(*) END FROM \"user\" u WHERE u.created_at >= $1 AND u.created_at < $2 "
    "AND u.email_verified = 1",
    TRUE },
  { "retention",
    "of the accounts created before the period and active in the same time before it, the share active in it",
    "SELECT CASE WHEN count(DISTINCT b.user_id) = 0 THEN 0 ELSE 10000 * count(DISTINCT n.user_id) / count(DISTINCT "
    "b.user_id) END FROM (SELECT CAST($1 AS BIGINT) AS a, CAST($2 AS BIGINT) AS z) p JOIN session b ON b.created_at < "
    "p.a AND b.updated_at >= 2 * p.a "
    "- p.z "
    "LEFT JOIN session n ON n.user_id = b.user_id AND n.updated_at >= p.a AND n.created_at < p.z",
    TRUE },
};

/* Money is never added over currencies: each row is a currency and its sum in minor units. The first takes the period,
 * the second is as of now. */
#define REVENUE                                                                                                        \
  "SELECT currency, sum(amount) FROM payment_claw WHERE created_at >= $1 AND created_at < $2 GROUP BY currency "       \
  "ORDER BY currency"
#define MONTHLY                                                                                                        \
  "SELECT p.currency, sum(p.price) FROM subscription s JOIN credit_package p ON p.id = s.package_id WHERE s.status = " \
  "'active' GROUP BY p.currency ORDER BY p.currency"

static void
write_money (JsonBuilder *builder, const char *name, const char *formula, VaiRows *rows)
{
  while (vai_rows_next (rows))
    {
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "name", name);
      vai_json_add_text (builder, "currency", vai_rows_get_text (rows, 0));
      vai_json_add_integer (builder, "value", vai_rows_get_integer (rows, 1));
      vai_json_add_text (builder, "formula", formula);
      json_builder_end_object (builder);
    }
}

static void
write_all_money (VaiTransaction *transaction, JsonBuilder *builder, gint64 from, gint64 to)
{
  g_autoptr (VaiRows) revenue = vai_transaction_query (transaction, REVENUE, VAI_INTEGER (from), VAI_INTEGER (to));
  write_money (builder, "revenue", "payments that gave credits in the period, tax included, refunds not taken off",
               revenue);
  g_autoptr (VaiRows) monthly = vai_transaction_query (transaction, MONTHLY);
  write_money (builder, "monthly_recurring_revenue", "monthly prices of the plans that are active now", monthly);
}

typedef struct
{
  gint64 from, to;
} Period;

static VaiReply *
stats_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Period *period = data;
  gint64 from = period->from, to = period->to;
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_integer (builder, "from", from);
  vai_json_add_integer (builder, "to", to);
  vai_json_begin_list (builder, "items");
  for (gsize i = 0; i < G_N_ELEMENTS (statistics); i++)
    {
      gint64 value
          = vai_transaction_get_integer (transaction, 0, statistics[i].sql, VAI_INTEGER (from), VAI_INTEGER (to));
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "name", statistics[i].name);
      if (statistics[i].share)
        vai_json_add_real (builder, "value", (double) value / 10000);
      else
        vai_json_add_integer (builder, "value", value);
      vai_json_add_text (builder, "formula", statistics[i].formula);
      json_builder_end_object (builder);
    }
  write_all_money (transaction, builder, from, to);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_stats (VaiCall *call)
{
  Period period = { .to = call->now };
  VaiReply *refusal = vai_call_read_number (call, "to", 0, TIME_MAX, &period.to);
  period.from = MAX (0, period.to - DAYS_OTHERWISE * DAY_MS);
  if (refusal == NULL)
    refusal = vai_call_read_number (call, "from", 0, period.to, &period.from);
  return refusal != NULL ? refusal : vai_call_read (call, stats_work, &period);
}

static VaiReply *
get_system (VaiCall *call)
{
  g_autofree char *why = NULL;
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "version", VAI_VERSION);
  vai_json_add_text (builder, "database", vai_database_get_kind (call->server->database));
  vai_json_add_flag (builder, "writing", vai_database_can_write (call->server->database, &why));
  vai_json_add_text (builder, "problem", why);
  vai_json_add_integer (builder, "writes_waiting", vai_database_get_n_waiting (call->server->database));
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

const VaiRoute vai_admin_stats_routes[] = {
  { "GET", "/api/v1/admin/stats", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, get_stats },
  { "GET", "/api/v1/admin/system", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, get_system },
  { NULL },
};
