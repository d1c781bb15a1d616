/* Numbers as people read them: decimal and thousands marks of the locale, real minus, whole percents; and text made
 * safe for markup. Each result is to be freed with g_free(). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "1,106", "1.106"; the C locale groups as English does. */
char *vai_format_count (guint64 count);

/* With @decimals digits after the mark, 0 to 6; "−0.25"; from 1e15 on "3.67e+299". Not finite: "–". */
char *vai_format_number (double number, guint decimals);

/* A value in a sentence: a whole one without the @decimals that others of its column need; "15,134", "4.50". */
char *vai_format_value (double value, guint decimals);

/* A probability in whole percent: "72%", "under 1%", "over 99%"; 0 and 1 themselves are "0%" and "100%". Not finite:
 * "–". */
char *vai_format_probability (double probability);

/* A share that is measured, so that nothing is "under": 0.004 is "0%". */
char *vai_format_percent (double share);

/* Points of probability with their sign: "+16", "−7", "0". */
char *vai_format_points (double difference);

/* @number in at most three digits that tell: "950", "16k", "1.3M". */
char *vai_format_short (double number);

/* An amount in whole units beside its currency, a sign or an ISO code: "€98,400", "98.400 €", "CHF 1,200"; without one
 * (NULL or "") the number alone. Not finite: "–". */
char *vai_format_money (double amount, const char *currency);

/* The same in at most three digits that tell: "€1.3M", "1,3 Mln €". */
char *vai_format_money_short (double amount, const char *currency);

/* The local day of @milliseconds UTC as people write it: "3 November 2026", "3 novembre 2026". */
char *vai_format_day (gint64 milliseconds);

/* The day of @seconds since the epoch in short, in the order and with the mark of the locale: "17/07/2026",
 * "07/17/2026", "17.07.2026"; the year has all its digits. "2026-07-17" without a locale, and where it writes a date in
 * another way. */
char *vai_format_date (gint64 seconds);

/* The same with the time of the day where it is not midnight: "17/07/2026 14:05". */
char *vai_format_date_time (gint64 seconds);

/* The local day of @milliseconds UTC, as vai_format_date(). */
char *vai_format_local_date (gint64 milliseconds);

/* What such a date begins with: 'd', 'm' or 'y'. */
char vai_format_date_order (void);

/* "< 0.001", or "= 0.012". */
char *vai_format_p_value (double p_value);

/* @text for XML and HTML, in content or a quoted attribute: & < > " ' escaped, characters that XML forbids and bytes
 * that are no UTF-8 replaced. */
char *vai_format_markup (const char *text);

G_END_DECLS
