#include "vai-open-quotes.h"

#include "vai-row-count.h"

#include <math.h>

struct _VaiOpenQuoteItem
{
  GObject parent_instance;

  VaiDashboard *dashboard;   /* nullable */
  const VaiOpenQuote *quote; /* of it; nullable */
};

G_DEFINE_FINAL_TYPE (VaiOpenQuoteItem, vai_open_quote_item, G_TYPE_OBJECT)

static GParamSpec *quote_property;

static void
vai_open_quote_item_finalize (GObject *object)
{
  g_clear_pointer (&VAI_OPEN_QUOTE_ITEM (object)->dashboard, vai_dashboard_unref);
  G_OBJECT_CLASS (vai_open_quote_item_parent_class)->finalize (object);
}

static void
vai_open_quote_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_pointer (value, (gpointer) VAI_OPEN_QUOTE_ITEM (object)->quote);
}

static void
vai_open_quote_item_class_init (VaiOpenQuoteItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_open_quote_item_finalize;
  G_OBJECT_CLASS (klass)->get_property = vai_open_quote_item_get_property;
  quote_property = g_param_spec_pointer ("quote", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1, quote_property);
}

static void
vai_open_quote_item_init (VaiOpenQuoteItem *self)
{
}

const VaiOpenQuote *
vai_open_quote_item_get_quote (VaiOpenQuoteItem *self)
{
  g_return_val_if_fail (VAI_IS_OPEN_QUOTE_ITEM (self), NULL);
  return self->quote;
}

const VaiDashboard *
vai_open_quote_item_get_dashboard (VaiOpenQuoteItem *self)
{
  g_return_val_if_fail (VAI_IS_OPEN_QUOTE_ITEM (self), NULL);
  return self->dashboard;
}

struct _VaiOpenQuotes
{
  GObject parent_instance;

  VaiDashboard *dashboard; /* nullable */
  GPtrArray *shown;        /* of VaiOpenQuote, owned by the dashboard */
  GHashTable *items;       /* position → VaiOpenQuoteItem */
  guint n;                 /* rows of the list, on their way to those that are shown */
  guint step_id;
};

static void vai_open_quotes_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VaiOpenQuotes,
                               vai_open_quotes,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, vai_open_quotes_list_init))

static GType
get_item_type (GListModel *list)
{
  return VAI_TYPE_OPEN_QUOTE_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return VAI_OPEN_QUOTES (list)->n;
}

static gpointer
get_item (GListModel *list, guint position)
{
  VaiOpenQuotes *self = VAI_OPEN_QUOTES (list);

  if (position >= self->n)
    return NULL;
  VaiOpenQuoteItem *item = g_hash_table_lookup (self->items, GUINT_TO_POINTER (position));
  if (item != NULL)
    return g_object_ref (item);
  item = g_object_new (VAI_TYPE_OPEN_QUOTE_ITEM, NULL);
  if (position < self->shown->len)
    {
      item->dashboard = vai_dashboard_ref (self->dashboard);
      item->quote = self->shown->pdata[position];
    }
  g_hash_table_insert (self->items, GUINT_TO_POINTER (position), g_object_ref (item));
  return item;
}

static void
vai_open_quotes_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
vai_open_quotes_finalize (GObject *object)
{
  VaiOpenQuotes *self = VAI_OPEN_QUOTES (object);

  g_clear_handle_id (&self->step_id, g_source_remove);
  g_hash_table_unref (self->items);
  g_clear_pointer (&self->dashboard, vai_dashboard_unref);
  g_ptr_array_unref (self->shown);
  G_OBJECT_CLASS (vai_open_quotes_parent_class)->finalize (object);
}

static void
vai_open_quotes_class_init (VaiOpenQuotesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_open_quotes_finalize;
}

static void
vai_open_quotes_init (VaiOpenQuotes *self)
{
  self->items = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->shown = g_ptr_array_new ();
}

VaiOpenQuotes *
vai_open_quotes_new (void)
{
  return g_object_new (VAI_TYPE_OPEN_QUOTES, NULL);
}

/* What is sorted by; what is not known, or not shown, comes last. */
static double
key_of (const VaiOpenQuote *quote, VaiOpenOrder order)
{
  gboolean known = quote->scored && quote->verdict != VAI_VERDICT_NOT_ENOUGH_SIMILAR;
  double key = order == VAI_OPEN_BY_CHANCE   ? (known ? quote->win_probability : NAN)
               : order == VAI_OPEN_BY_AMOUNT ? quote->amount
               : order == VAI_OPEN_BY_DATE   ? (double) quote->at
                                             : quote->expected;

  return isfinite (key) ? key : -G_MAXDOUBLE;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer order)
{
  double first = key_of (*(VaiOpenQuote *const *) a, GPOINTER_TO_INT (order));
  double second = key_of (*(VaiOpenQuote *const *) b, GPOINTER_TO_INT (order));

  return (first < second) - (first > second);
}

static gboolean
matches (const VaiOpenQuote *quote, const char *search)
{
  g_autofree char *text = g_strdup_printf ("%s %s", quote->ref, quote->detail);
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, search) != NULL;
}

static GPtrArray *
list_shown (const VaiDashboard *dashboard, const char *search, VaiOpenOrder order)
{
  g_autofree char *folded = g_utf8_casefold (search != NULL ? search : "", -1);
  GPtrArray *shown = g_ptr_array_new ();

  for (guint i = 0; dashboard != NULL && i < dashboard->open->len; i++)
    if (*folded == '\0' || matches (g_ptr_array_index (dashboard->open, i), folded))
      g_ptr_array_add (shown, g_ptr_array_index (dashboard->open, i));
  g_ptr_array_sort_with_data (shown, compare, GINT_TO_POINTER (order));
  return shown;
}

static gboolean
is_same_number (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

/* Nothing that its row shows differs. */
static gboolean
looks_alike (const VaiOpenQuote *a, const VaiOpenQuote *b)
{
  return a == b
         || (a != NULL && b != NULL && g_str_equal (a->ref, b->ref) && g_str_equal (a->detail, b->detail)
             && g_strcmp0 (a->prediction_id, b->prediction_id) == 0 && a->scored == b->scored
             && a->verdict == b->verdict && is_same_number (a->amount, b->amount)
             && is_same_number (a->win_probability, b->win_probability) && is_same_number (a->low, b->low)
             && is_same_number (a->high, b->high) && is_same_number (a->expected, b->expected));
}

/* What the item shows from now on, and whether it looks different. */
static gboolean
move_item (VaiOpenQuoteItem *item, VaiDashboard *dashboard, const VaiOpenQuote *quote)
{
  gboolean same = looks_alike (item->quote, quote)
                  && (quote == NULL || g_strcmp0 (item->dashboard->currency, dashboard->currency) == 0);
  VaiDashboard *held = quote != NULL ? vai_dashboard_ref (dashboard) : NULL;

  g_clear_pointer (&item->dashboard, vai_dashboard_unref);
  item->dashboard = held;
  item->quote = quote;
  return !same;
}

/* The items that a widget holds stay where they are, and get what stands there now. */
static void
renew_items (VaiOpenQuotes *self)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer position, item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &position, &item))
    {
      guint i = GPOINTER_TO_UINT (position);
      if (G_OBJECT (item)->ref_count == 1)
        g_hash_table_iter_remove (&iter);
      else if (move_item (item, self->dashboard, i < self->shown->len ? self->shown->pdata[i] : NULL))
        g_ptr_array_add (changed, g_object_ref (item));
    }
  for (guint i = 0; i < changed->len; i++)
    g_object_notify_by_pspec (changed->pdata[i], quote_property);
}

static gboolean
step_cb (gpointer data)
{
  VaiOpenQuotes *self = data;
  guint before = self->n, kept;

  self->step_id = 0;
  self->n = vai_row_count_towards (before, self->shown->len);
  kept = MIN (before, self->n);
  if (self->n != self->shown->len)
    self->step_id = g_idle_add (step_cb, self);
  if (before != self->n)
    g_list_model_items_changed (G_LIST_MODEL (self), kept, before - kept, self->n - kept);
  return G_SOURCE_REMOVE;
}

guint
vai_open_quotes_show (VaiOpenQuotes *self, VaiDashboard *dashboard, const char *search, VaiOpenOrder order)
{
  g_return_val_if_fail (VAI_IS_OPEN_QUOTES (self), 0);

  g_autoptr (VaiDashboard) before = self->dashboard; /* whose quotes the items still name */
  g_autoptr (GPtrArray) shown = self->shown;

  self->dashboard = dashboard != NULL ? vai_dashboard_ref (dashboard) : NULL;
  self->shown = list_shown (dashboard, search, order);
  guint n = self->shown->len;
  renew_items (self);
  g_clear_handle_id (&self->step_id, g_source_remove);
  step_cb (self);
  return n;
}
