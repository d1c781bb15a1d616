/* What the files of the page “Models” share. */
#pragma once

#include "vai-model-charts.h"
#include "vai-model-health.h"
#include "vai-model-rivals.h"
#include "vai-model-summary.h"
#include "vai-model-why.h"
#include "vai-models-page.h"
#include "vai-object-list.h"

G_BEGIN_DECLS

struct _VaiModelsPage
{
  VaiPage parent_instance;

  AdwViewSwitcherTitle *switcher;
  GtkMenuButton *menu_button;
  GtkWidget *back_button, *score_button, *train_button;
  GtkStack *whole; /* "empty", "models" */
  AdwLeaflet *leaflet;
  VaiObjectList *list;
  GtkWidget *detail_box;
  GtkStack *detail; /* "none", "loading", "error", "model", "compare" */
  GtkSpinner *spinner;
  AdwStatusPage *error_page;
  AdwViewStack *tabs;
  AdwViewSwitcherBar *bar;
  VaiModelSummary *summary;
  VaiModelCharts *charts;
  VaiModelWhy *why;
  VaiModelHealth *health;
  VaiModelRivals *rivals;

  VaiItem *item;          /* nullable: the model chosen */
  VaiLoadedModel *loaded; /* nullable: of @item, once it is read */
  GCancellable *loading;  /* nullable */
  guint spin_id;
  double threshold; /* of what is shown */
  char *wanted;     /* nullable: the id to show once the list has it */
};

/* Installs "models.…" and what they do. */
void vai_models_page_class_install_actions (VaiModelsPageClass *klass);

/* One of the names of @detail. */
void vai_models_page_show_detail (VaiModelsPage *self, const char *name);

/* Which of them can be done now. */
void vai_models_page_update_actions (VaiModelsPage *self);

/* Keeps the threshold with the model. */
void vai_models_page_save_threshold (VaiModelsPage *self, double threshold);

G_END_DECLS
