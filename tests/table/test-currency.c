/* Which money a column is, from its unit and from its name as people write them. */
#include "vai-currency.h"

static void
test_names (void)
{
  const char *const cases[][3] = {
    /* name, unit, code */
    { "Price", NULL, NULL },           { "Price", "€", "EUR" },
    { "Price (USD)", "€", "EUR" },     { "Price", "%", NULL },
    { "Price", "kg", NULL },           { "Price", "chf", "CHF" },
    { "Price (EUR)", NULL, "EUR" },    { "Price (EUR)", "kg", "EUR" },
    { "net_price_eur", NULL, "EUR" },  { "Importo €", NULL, "EUR" },
    { "Valore in euro", NULL, "EUR" }, { "Amount in $", NULL, "USD" },
    { "Total £", NULL, "GBP" },        { "SEK", NULL, "SEK" },
    { "Rate EUR/USD", NULL, NULL },    { "European price", NULL, NULL },
    { "Price of ron", NULL, NULL },    { "", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (vai_currency_find (cases[i][0], cases[i][1]), ==, cases[i][2]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/currency/names", test_names);
  return g_test_run ();
}
