/* The open quotes of the dashboard as a list. An item is a place of it: when something else is shown it stays and gets
 * the quote that stands there now, and the first rows come and go a few at a time. */
#pragma once

#include "vai-dashboard.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAI_TYPE_OPEN_QUOTE_ITEM (vai_open_quote_item_get_type ())
G_DECLARE_FINAL_TYPE (VaiOpenQuoteItem, vai_open_quote_item, VAI, OPEN_QUOTE_ITEM, GObject)

/* Property "quote" notifies when it looks different. NULL in a place that is about to go. */
const VaiOpenQuote *vai_open_quote_item_get_quote (VaiOpenQuoteItem *self);

/* That of the quote; NULL without one. */
const VaiDashboard *vai_open_quote_item_get_dashboard (VaiOpenQuoteItem *self);

typedef enum
{
  VAI_OPEN_BY_EXPECTED,
  VAI_OPEN_BY_CHANCE,
  VAI_OPEN_BY_AMOUNT,
  VAI_OPEN_BY_DATE, /* newest first */
} VaiOpenOrder;

#define VAI_TYPE_OPEN_QUOTES (vai_open_quotes_get_type ())
G_DECLARE_FINAL_TYPE (VaiOpenQuotes, vai_open_quotes, VAI, OPEN_QUOTES, GObject)

VaiOpenQuotes *vai_open_quotes_new (void);

/* Shows those of @dashboard (nullable: none) whose identifier or detail has @search (nullable) in it; gives how many.
 * The list has as many rows soon. */
guint vai_open_quotes_show (VaiOpenQuotes *self, VaiDashboard *dashboard, const char *search, VaiOpenOrder order);

G_END_DECLS
