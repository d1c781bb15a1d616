"""Quality beside scikit-learn and XGBoost: the same five folds, the same rows, leaks left out on both sides.

Data and recipes stay outside the checkout:
  quality.py --build DIR --recipes RECIPES.json --data FOLDER [--only NAME,...] [--algorithms auto,...] [--effort normal]

A recipe: {"name", "file", "separator"?, "sheet"?, "outcome", "won", "lost", "ignore": [columns], "dates": [columns],
"day_first"?, "decided"?: {"column", "value"}, "no_signal"?}. Prints AUC, Brier and log loss of each, and for each of ours
against each peer the 95 % interval of the paired log loss difference over rows (ours - theirs: negative is better).
Ends with status 1 when `auto` is wholly worse than a peer on any set, is not ahead of each on average, or is further than
0.001 Brier from the base rate on a set without signal."""
import argparse, csv, json, pathlib, subprocess, sys, tempfile, time, warnings

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

warnings.filterwarnings("ignore")
FOLDS = 5


def read_texts(recipe, folder):
    """Every cell as text, decided rows only."""
    path = pathlib.Path(folder) / recipe["file"]
    if path.suffix == ".xlsx":
        table = pd.read_excel(path, sheet_name=recipe["sheet"], dtype=str)
    else:
        table = pd.read_csv(path, dtype=str, sep=recipe.get("separator", ","), keep_default_na=False, na_values=[""])
    table = table.dropna(how="all").reset_index(drop=True)
    decided = recipe.get("decided")
    keep = table[recipe["outcome"]].isin([recipe["won"], recipe["lost"]])
    if decided:
        keep &= table[decided["column"]] == decided["value"]
    return table[keep].reset_index(drop=True)


def typed(recipe, table):
    """What an analyst would give to scikit-learn: numbers, dates as days, the rest as categories."""
    columns = {}
    for name in table.columns:
        if name == recipe["outcome"] or name in recipe["ignore"] or table[name].nunique(dropna=False) < 2:
            continue
        if name in recipe.get("dates", []):
            dates = pd.to_datetime(table[name], errors="coerce", dayfirst=recipe.get("day_first", False))
            columns[name] = (dates - pd.Timestamp(0)).dt.days.astype(float)
            continue
        numbers = pd.to_numeric(table[name], errors="coerce")
        filled = table[name].notna()
        if filled.sum() and numbers[filled].notna().mean() > 0.95:
            columns[name] = numbers.astype(float)
        else:
            columns[name] = table[name].fillna("(missing)")
    return pd.DataFrame(columns)


def encoder(frame, scale):
    numbers = [c for c in frame if frame[c].dtype == float]
    others = [c for c in frame if c not in numbers]
    steps = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()) if scale else "passthrough"
    return ColumnTransformer(
        [("n", steps, numbers), ("c", OneHotEncoder(handle_unknown="ignore", sparse_output=False), others)],
        sparse_threshold=0)


def peers(frame):
    return {
        "LogisticRegression": make_pipeline(encoder(frame, True), LogisticRegression(max_iter=1000)),
        "RandomForest": make_pipeline(encoder(frame, True), RandomForestClassifier(random_state=0, n_jobs=2)),
        "HistGradientBoosting": make_pipeline(encoder(frame, False), HistGradientBoostingClassifier(random_state=0)),
        "XGBoost": make_pipeline(encoder(frame, False), XGBClassifier(random_state=0, n_jobs=2)),
    }


def write(table, path):
    table.to_csv(path, index=False, quoting=csv.QUOTE_MINIMAL)


def ours(cli, recipe, table, train, test, algorithm, effort, work):
    write(table.iloc[train], work / "train.csv")
    write(table.iloc[test].drop(columns=recipe["outcome"]), work / "test.csv")
    command = [cli, "train", work / "train.csv", "--outcome", recipe["outcome"], "--won", recipe["won"], "--lost",
               recipe["lost"], "--algorithm", algorithm, "--effort", effort, "--output", work / "model.valutai"]
    ignored = [c for c in recipe["ignore"] if c in table]
    if ignored:
        command += ["--ignore", ",".join(ignored)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    subprocess.run([cli, "score", work / "model.valutai", work / "test.csv", "--output", work / "scored.csv"], check=True,
                   capture_output=True)
    return pd.read_csv(work / "scored.csv")["win_probability"].to_numpy(), said


def losses(won, p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return -np.where(won, np.log(p), np.log(1 - p))


def compare(a, b, groups, seed=1):
    """Mean of a - b and its 95 % interval, whole groups drawn."""
    codes = pd.factorize(groups)[0]
    sums, counts = np.bincount(codes, a - b), np.bincount(codes)
    rng = np.random.default_rng(seed)
    means = []
    for _ in range(1000):
        drawn = rng.integers(0, len(sums), len(sums))
        means.append(sums[drawn].sum() / counts[drawn].sum())
    return (a - b).mean(), *np.quantile(means, [0.025, 0.975])


def run_set(arguments, recipe, work):
    table = read_texts(recipe, arguments.data)
    frame = typed(recipe, table)
    won = (table[recipe["outcome"]] == recipe["won"]).to_numpy()
    groups = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    folds = list(StratifiedGroupKFold(FOLDS, shuffle=True, random_state=1).split(frame, won, groups))
    predictions, seconds = {}, {}
    names = arguments.algorithms.split(",")
    for name in names + list(peers(frame)) + ["base rate"]:
        begin = time.monotonic()
        p = np.zeros(len(won))
        for train, test in folds:
            if name in names:
                p[test], said = ours(arguments.cli, recipe, table, train, test, name, arguments.effort, work)
                if arguments.verbose:
                    print("   ", said.strip(), flush=True)
            elif name == "base rate":
                p[test] = won[train].mean()
            else:
                p[test] = peers(frame)[name].fit(frame.iloc[train], won[train]).predict_proba(frame.iloc[test])[:, 1]
        predictions[name], seconds[name] = p, time.monotonic() - begin
    print(f"\n{recipe['name']}: {len(won)} rows, {frame.shape[1]} columns, {won.mean():.1%} won")
    result = {}
    for name, p in predictions.items():
        result[name] = (roc_auc_score(won, p), ((p - won) ** 2).mean(), losses(won, p).mean())
        print("  %-22s AUC %.4f  Brier %.5f  log loss %.5f  %6.1f s" % (name, *result[name], seconds[name]))
    for name in names:
        for peer in list(peers(frame)) + ["base rate"]:
            low_high = compare(losses(won, predictions[name]), losses(won, predictions[peer]), groups)
            verdict = "better" if low_high[2] < 0 else "WORSE" if low_high[1] > 0 else "even"
            result[name, peer] = (*low_high, verdict)
            print("  %-14s - %-22s %+.5f (%+.5f to %+.5f) %s" % (name, peer, *low_high, verdict), flush=True)
    return result


def summarise(recipes, results, algorithms):
    names = ["LogisticRegression", "RandomForest", "HistGradientBoosting", "XGBoost"]
    print("\nmean over the sets")
    for name in algorithms + names:
        print("  %-22s AUC %.4f  Brier %.5f  log loss %.5f" % (name, *np.mean([r[name] for r in results], axis=0)))
    good = True
    if "auto" not in algorithms:
        return good
    for peer in names:
        worse = [r["name"] for r, result in zip(recipes, results) if result["auto", peer][3] == "WORSE"]
        ahead = np.mean([[result[peer][i] - result["auto"][i] for i in range(3)] for result in results], axis=0)
        print("  auto beside %-22s AUC %+.4f  Brier less by %.5f (%.1f %%)  log loss less by %.5f; wholly worse on: %s" % (
            peer, -ahead[0], ahead[1], 100 * ahead[1] / np.mean([r[peer][1] for r in results]), ahead[2],
            ", ".join(worse) or "none"))
        good &= not worse and ahead[1] > 0 and ahead[2] > 0
    for recipe, result in zip(recipes, results):
        if recipe.get("no_signal"):
            off = abs(result["auto"][1] - result["base rate"][1])
            print("  %s: Brier %.5f from the base rate's" % (recipe["name"], off))
            good &= off <= 0.001
    print("holds" if good else "FAILS")
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--recipes", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--only")
    parser.add_argument("--algorithms", default="auto,boosted-trees,random-forest")
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    arguments.cli = pathlib.Path(arguments.build) / "src/cli/valutai-cli"
    recipes = json.loads(pathlib.Path(arguments.recipes).read_text())
    if arguments.only:
        recipes = [r for r in recipes if r["name"] in arguments.only.split(",")]
    with tempfile.TemporaryDirectory() as work:
        results = [run_set(arguments, recipe, pathlib.Path(work)) for recipe in recipes]
    sys.exit(0 if summarise(recipes, results, arguments.algorithms.split(",")) else 1)


main()
