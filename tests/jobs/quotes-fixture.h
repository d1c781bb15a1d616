/* A folder with a workspace in it and quotes that can be added up by hand, made for a case and taken away after it. */
#pragma once

#include "vai-store.h"

#define N_DECIDED 80
#define N_OPEN 3

typedef struct
{
  char *folder, *quotes, *path;
  VaiStore *store;
} QuotesFixture;

/* @quotes: N_DECIDED decided quotes, every second one won, opened a day apart; then N_OPEN open ones. */
void quotes_fixture_set_up (QuotesFixture *fixture, gconstpointer data);
void quotes_fixture_tear_down (QuotesFixture *fixture, gconstpointer data);

/* Give the id of the dataset, of the model; free with g_free(). */
char *quotes_fixture_import (QuotesFixture *fixture);
char *quotes_fixture_train (QuotesFixture *fixture, const char *dataset_id);
