-- The list of past scores, in three orders; each index holds what the list is filtered by, so that no row is read.
CREATE INDEX prediction_list_by_time ON prediction (deleted_at, id, verdict, outcome, model_id, quote_ref);
CREATE INDEX prediction_list_by_chance ON prediction (deleted_at, win_probability, id, verdict, outcome, model_id, quote_ref);
CREATE INDEX prediction_list_by_price ON prediction (deleted_at, total_price, id, verdict, outcome, model_id, quote_ref);
