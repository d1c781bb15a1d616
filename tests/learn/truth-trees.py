#!/usr/bin/python3
"""Trains trees of many shapes with XGBoost and writes, for each, its model file, rows, and what XGBoost says of them.

Usage: truth-trees.py DIR. Writes CASE.ubj, CASE.rows (float32), CASE.margins and CASE.contributions (float64), and
an index of lines CASE ROWS COLUMNS."""
import sys

import numpy as np
import xgboost as xgb


def table(rng, n, d, missing, levels):
    """Some columns have few values, so that paths meet a column again and again."""
    x = rng.normal(size=(n, d)).astype(np.float32)
    if levels:
        x[:, ::2] = np.round(x[:, ::2] * levels) / levels
    x[rng.random((n, d)) < missing] = np.nan
    return x


def cases():
    for depth in range(1, 13):
        yield f"depth-{depth}", dict(max_depth=depth), dict(rounds=30 if depth < 9 else 6)
    yield "one-leaf", dict(max_depth=4, gamma=1e9), dict(rounds=5)
    yield "one-column", dict(max_depth=8), dict(d=1)
    yield "two-columns", dict(max_depth=9), dict(d=2)
    yield "missing", dict(max_depth=6), dict(missing=0.3)
    yield "no-missing", dict(max_depth=6), dict(missing=0.0)
    yield "all-columns-missing-sometimes", dict(max_depth=5), dict(missing=0.8)
    yield "levels", dict(max_depth=7), dict(levels=2)
    yield "parallel", dict(max_depth=6, num_parallel_tree=7, subsample=0.7, colsample_bynode=0.5), dict(rounds=4)
    yield "forest", dict(max_depth=10, num_parallel_tree=20, subsample=0.7, learning_rate=0.05), dict(rounds=1)
    yield "lossguide", dict(max_depth=0, max_leaves=40, grow_policy="lossguide"), dict()
    yield "wide", dict(max_depth=6), dict(d=120, rounds=20)
    yield "base-score", dict(max_depth=3, base_score=0.03), dict()
    yield "tiny-weights", dict(max_depth=6, min_child_weight=0, reg_lambda=0.001, learning_rate=1.0), dict(rounds=12)
    yield "pruned", dict(max_depth=6, gamma=2.0, tree_method="exact"), dict()


def main():
    folder = sys.argv[1]
    with open(f"{folder}/index", "w", encoding="utf-8") as index:
        for number, (name, parameters, shape) in enumerate(cases()):
            rng = np.random.default_rng(number)
            d, n = shape.get("d", 9), 800
            x = table(rng, n, d, shape.get("missing", 0.05), shape.get("levels", 0))
            score = np.nan_to_num(x[:, 0]) + np.nan_to_num(x[:, d // 2]) * np.nan_to_num(x[:, -1])
            y = (score + rng.normal(size=n) > 0).astype(np.float32)
            data = xgb.DMatrix(x, y)
            settings = dict(objective="binary:logistic", tree_method="hist", nthread=1, seed=number)
            settings.update(parameters)
            model = xgb.train(settings, data, shape.get("rounds", 30))
            rows = np.vstack([x[:37], table(rng, 26, d, 0.1, 0) * 3])
            rows[5, :] = np.nan
            ask = xgb.DMatrix(rows)
            model.save_model(f"{folder}/{name}.ubj")
            rows.astype(np.float32).tofile(f"{folder}/{name}.rows")
            model.predict(ask, output_margin=True).astype(np.float64).tofile(f"{folder}/{name}.margins")
            model.predict(ask, pred_contribs=True).astype(np.float64).tofile(f"{folder}/{name}.contributions")
            index.write(f"{name} {rows.shape[0]} {d}\n")


if __name__ == "__main__":
    main()
