"""CSV to calibrated, evaluated model beside pandas + XGBoost + scikit-learn: boosted trees of the same number, depth and rate, five outer
folds, in each of them a calibrator from three inner folds, then the same on all rows. Each side is a process of its own."""
import argparse, json, os, pathlib, subprocess, sys, tempfile, time

ROUNDS, DEPTH, RATE, OUTER, INNER = 100, 4, 0.1, 5, 3


def make_quotes(path, rows):
    import numpy as np
    rng = np.random.default_rng(rows)
    sector, channel = rng.integers(0, 6, rows), rng.integers(0, 4, rows)
    price, days, discount = np.exp(8 + rng.normal(0, 1, rows)), rng.integers(5, 60, rows), rng.integers(0, 30, rows)
    odds = 0.07 * (discount - 12) - 0.7 * (np.log(price) - 8) + 0.4 * (sector - 2.5) + 0.3 * (channel - 1.5)
    won = rng.random(rows) < 1 / (1 + np.exp(-odds))
    with open(path, "w") as out:
        out.write("Price,Days,Discount,Sector,Channel,Size,Outcome\n")
        for i in range(rows):
            out.write(f"{price[i]:.2f},{days[i]},{discount[i]},sector {sector[i]},channel {channel[i]},{rng.integers(1, 500)},"
                      f"{'won' if won[i] else 'lost'}\n")


def pipeline(path):
    """The other side."""
    import pandas as pd
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from xgboost import XGBClassifier
    table = pd.read_csv(path)
    won = (table.pop("Outcome") == "won").to_numpy()
    x = pd.get_dummies(table)
    trees = XGBClassifier(n_estimators=ROUNDS, max_depth=DEPTH, learning_rate=RATE, tree_method="hist", n_jobs=2)
    model = CalibratedClassifierCV(trees, method="sigmoid", cv=INNER, ensemble=False)
    p = cross_val_predict(model, x, won, cv=StratifiedKFold(OUTER, shuffle=True, random_state=1), method="predict_proba")[:, 1]
    print(roc_auc_score(won, p), brier_score_loss(won, p), log_loss(won, p))
    model.fit(x, won)


def measure(command, answer=os.devnull):
    begin = time.monotonic()
    # On a busy machine spinning threads cost XGBoost a multiple; both sides are spared it.
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    with open(answer, "w") as out:
        child = subprocess.Popen([str(part) for part in command], env=environment, stdout=out, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit("bench-train: a side failed: %s" % command)
    return time.monotonic() - begin, usage.ru_maxrss / 1024


def outside(answer):
    """The share of the phases, from reading to writing, that is not inside XGBoost and LIBLINEAR."""
    seconds = json.loads(answer.read_text())["seconds"]
    return 1 - seconds["learners"] / sum(seconds.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build")
    parser.add_argument("--rows", default="1000,8000,50000")
    parser.add_argument("--pipeline")
    arguments = parser.parse_args()
    if arguments.pipeline:
        return pipeline(arguments.pipeline)
    cli = pathlib.Path(arguments.build) / "src/cli/valutai-cli"
    with tempfile.TemporaryDirectory() as work:
        for rows in map(int, arguments.rows.split(",")):
            path = pathlib.Path(work) / "quotes.csv"
            make_quotes(path, rows)
            ours = [cli, "train", path, "--outcome", "Outcome", "--won", "won", "--lost", "lost", "--algorithm", "boosted-trees",
                    "--folds", OUTER, "--param", f"rounds={ROUNDS}", "--param", f"depth={DEPTH}", "--param",
                    f"learning_rate={RATE}", "--param", "patience=0", "--json", "--output", pathlib.Path(work) / "model.valutai"]
            answer = pathlib.Path(work) / "answer.json"
            theirs = [sys.executable, __file__, "--pipeline", path]
            # In turn, the best of three: what else the machine does takes from both.
            times, shares = [], []
            for _ in range(3):
                times.append((measure(ours, answer), measure(theirs)))
                shares.append(outside(answer))
            a, b = min(t[0][0] for t in times), min(t[1][0] for t in times)
            m, n = max(t[0][1] for t in times), max(t[1][1] for t in times)
            print(f"train {rows} rows: ours {a:.2f} s, theirs {b:.2f} s, ratio {a / b:.2f}; outside XGBoost {min(shares):.2f}")
            print(f"train {rows} rows, memory: ours {m:.0f} MiB, theirs {n:.0f} MiB, ratio {m / n:.2f}", flush=True)


main()
