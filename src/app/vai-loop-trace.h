/* Test builds measure the main loop: with VALUTAI_LOOP_TRACE=FILE each turn of it that took its thread over a few
 * milliseconds of processor time, and the first frame, are written there; "map" is a turn that shows a kind of widget
 * for the first time. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#ifdef VAI_FAILPOINTS
/* Begins to measure the turns of the default main context; for main, before the application runs. */
void vai_loop_trace_begin (void);

/* Notes the first frame of @widget. */
void vai_loop_trace_first_frame (GtkWidget *widget);
#else
#define vai_loop_trace_begin() ((void) 0)
#define vai_loop_trace_first_frame(widget) ((void) 0)
#endif

G_END_DECLS
