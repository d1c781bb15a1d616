/* The open quotes of the dashboard as a list: items are made as rows come into view, and kept. */
#pragma once

#include "vai-dashboard.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAI_TYPE_OPEN_QUOTE_ITEM (vai_open_quote_item_get_type ())
G_DECLARE_FINAL_TYPE (VaiOpenQuoteItem, vai_open_quote_item, VAI, OPEN_QUOTE_ITEM, GObject)

const VaiOpenQuote *vai_open_quote_item_get_quote (VaiOpenQuoteItem *self);
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

/* Shows those of @dashboard (nullable: none) whose identifier or detail has @search (nullable) in it. A quote has one
 * item as long as @dashboard is the same, so that its row can stay. */
void vai_open_quotes_show (VaiOpenQuotes *self, VaiDashboard *dashboard, const char *search, VaiOpenOrder order);

G_END_DECLS
