#include "vai-open-quotes.h"

#include <math.h>

struct _VaiOpenQuoteItem
{
  GObject parent_instance;

  VaiDashboard *dashboard;
  const VaiOpenQuote *quote; /* of it */
};

G_DEFINE_FINAL_TYPE (VaiOpenQuoteItem, vai_open_quote_item, G_TYPE_OBJECT)

static void
vai_open_quote_item_finalize (GObject *object)
{
  vai_dashboard_unref (VAI_OPEN_QUOTE_ITEM (object)->dashboard);
  G_OBJECT_CLASS (vai_open_quote_item_parent_class)->finalize (object);
}

static void
vai_open_quote_item_class_init (VaiOpenQuoteItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_open_quote_item_finalize;
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
  GHashTable *items;       /* VaiOpenQuote → its VaiOpenQuoteItem */
  GPtrArray *shown;        /* of VaiOpenQuote, owned by the dashboard */
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
  return VAI_OPEN_QUOTES (list)->shown->len;
}

static gpointer
get_item (GListModel *list, guint position)
{
  VaiOpenQuotes *self = VAI_OPEN_QUOTES (list);

  if (position >= self->shown->len)
    return NULL;
  const VaiOpenQuote *quote = g_ptr_array_index (self->shown, position);
  VaiOpenQuoteItem *item = g_hash_table_lookup (self->items, quote);
  if (item != NULL)
    return g_object_ref (item);
  item = g_object_new (VAI_TYPE_OPEN_QUOTE_ITEM, NULL);
  item->dashboard = vai_dashboard_ref (self->dashboard);
  item->quote = quote;
  g_hash_table_insert (self->items, (gpointer) quote, g_object_ref (item));
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

/* What is sorted by; what is not known comes last. */
static double
key_of (const VaiOpenQuote *quote, VaiOpenOrder order)
{
  double key = order == VAI_OPEN_BY_CHANCE   ? (quote->scored ? quote->win_probability : NAN)
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

void
vai_open_quotes_show (VaiOpenQuotes *self, VaiDashboard *dashboard, const char *search, VaiOpenOrder order)
{
  g_return_if_fail (VAI_IS_OPEN_QUOTES (self));

  g_autoptr (GPtrArray) before = self->shown, now = list_shown (dashboard, search, order);
  guint first = 0, last = 0;

  /* What another dashboard has at the same address is another quote. */
  gboolean same = dashboard == self->dashboard;
  guint both = same ? MIN (before->len, now->len) : 0;
  while (first < both && before->pdata[first] == now->pdata[first])
    first++;
  while (last < both - first && before->pdata[before->len - 1 - last] == now->pdata[now->len - 1 - last])
    last++;
  self->shown = g_ptr_array_ref (now);
  if (!same)
    {
      VaiDashboard *held = dashboard != NULL ? vai_dashboard_ref (dashboard) : NULL;
      g_hash_table_remove_all (self->items);
      g_clear_pointer (&self->dashboard, vai_dashboard_unref);
      self->dashboard = held;
    }
  if (before->len > first + last || now->len > first + last)
    g_list_model_items_changed (G_LIST_MODEL (self), first, before->len - first - last, now->len - first - last);
}
