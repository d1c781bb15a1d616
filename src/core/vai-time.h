/* Time as numbers: UTC milliseconds for what happens here, seconds since the epoch for dates in tables. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VAI_SECONDS_PER_DAY 86400

/* UTC milliseconds now. */
gint64 vai_time_now_ms (void);

/* A new UUIDv7 (RFC 9562) as 36 characters of text; those of one process sort in the order of their making. Free with
 * g_free(). */
char *vai_uuid_new (void);

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar; no check of @month or @day. */
gint64 vai_days_from_civil (gint64 year, guint month, guint day);

/* The reverse. */
void vai_civil_from_days (gint64 days, gint64 *year, guint *month, guint *day);

/* @month from 1, @day from 1 to the length of that month, in the proleptic Gregorian calendar. */
gboolean vai_date_is_valid (gint64 year, guint month, guint day);

/* "2026-11-22", or with seconds of the day "2026-11-22T14:05:00" when @with_time. Free with g_free(). */
char *vai_time_format (gint64 seconds, gboolean with_time);

/* The reverse: also "2026-11-22T14:05", a blank for the T, fractions of a second (rounded) and an ending Z. FALSE for
 * all else. */
gboolean vai_time_parse (const char *text, gint64 *seconds);

G_END_DECLS
