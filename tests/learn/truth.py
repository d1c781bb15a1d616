"""Truth for the tests of src/learn, from scikit-learn, scipy and plain numpy: truth.py MODE IN OUT, doubles in and out."""
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def cases(values):
    """Each case: n, parameter, n outcomes, n scores."""
    i = 0
    while i < len(values):
        n, parameter = int(values[i]), values[i + 1]
        yield parameter, values[i + 2:i + 2 + n].astype(int), values[i + 2 + n:i + 2 + 2 * n]
        i += 2 + 2 * n


def calibration_error(won, p):
    """Ten equal-count bins in the order of p; rows of equal p share their win rate."""
    share = np.array([won[p == value].mean() for value in p])
    order = np.argsort(p, kind="stable")
    bins = [b for b in np.array_split(order, 10) if len(b)]
    return np.mean([abs(p[b].mean() - share[b].mean()) for b in bins])


def metrics(values):
    import sklearn.metrics as m
    for threshold, won, p in cases(values):
        called = (p >= threshold).astype(int)
        both = 0 < won.sum() < len(won)
        yield m.accuracy_score(won, called)
        yield m.precision_score(won, called, zero_division=0)
        yield m.recall_score(won, called, zero_division=0)
        yield m.f1_score(won, called, zero_division=0)
        yield m.roc_auc_score(won, p) if both else np.nan
        yield m.average_precision_score(won, p) if both else np.nan
        yield np.mean((p - won) ** 2)
        yield m.log_loss(won, p, labels=[0, 1])
        yield calibration_error(won, p)


def curves(values):
    import sklearn.metrics as m
    for _, won, p in cases(values):
        x, y, _ = m.roc_curve(won, p, drop_intermediate=False)
        yield len(x)
        yield from x
        yield from y
        precision, recall, _ = m.precision_recall_curve(won, p)
        yield len(recall)
        yield from recall[::-1]
        yield from precision[::-1]


def sigmoid(values):
    from sklearn.calibration import _SigmoidCalibration
    for _, won, margin in cases(values):
        yield from _SigmoidCalibration().fit(margin, won).predict(margin)


def beta(values):
    """Platt's smoothed targets as weights of a won and a lost copy of each row."""
    from sklearn.linear_model import LogisticRegression
    for _, won, margin in cases(values):
        p = 1 / (1 + np.exp(-margin))
        x = np.column_stack([np.log(p), -np.log(1 - p)])
        target = np.where(won == 1, (won.sum() + 1) / (won.sum() + 2), 1 / ((1 - won).sum() + 2))
        fit = LogisticRegression(penalty="none", solver="newton-cholesky", tol=1e-10, max_iter=10000)
        fit.fit(np.vstack([x, x]), np.repeat([1, 0], len(won)), sample_weight=np.concatenate([target, 1 - target]))
        assert (fit.coef_ >= 0).all()
        yield from fit.predict_proba(x)[:, 1]


def isotonic(values):
    """Blocks of the fit: their mean margin and their height."""
    from sklearn.isotonic import IsotonicRegression
    for _, won, margin in cases(values):
        height = IsotonicRegression().fit_transform(margin, won.astype(float))
        heights = np.unique(height)
        yield len(heights)
        for value in heights:
            yield margin[height == value].mean()
            yield value


def blend(values):
    """Values: n, k, shrink, outcomes, then n rows of k margins."""
    from scipy.optimize import minimize
    i = 0
    while i < len(values):
        n, k, shrink = int(values[i]), int(values[i + 1]), values[i + 2]
        won = values[i + 3:i + 3 + n]
        x = values[i + 3 + n:i + 3 + n + n * k].reshape(n, k)
        i += 3 + n + n * k

        def loss(beta):
            m = x @ beta[:k] + beta[k]
            value = np.logaddexp(0, m).sum() - (won * m).sum() + shrink / 2 * ((beta[:k] - 1 / k) ** 2).sum()
            g = 1 / (1 + np.exp(-m)) - won
            return value, np.append(x.T @ g + shrink * (beta[:k] - 1 / k), g.sum())

        best = minimize(loss, np.zeros(k + 1), jac=True, method="L-BFGS-B", bounds=[(0, None)] * k + [(None, None)],
                        options={"maxiter": 10000, "maxfun": 100000, "ftol": 1e-15, "gtol": 1e-10})
        yield best.fun
        yield from best.x


def table(values, n_parameters):
    """Values: n, d, parameters, outcomes, then n rows of d."""
    n, d = int(values[0]), int(values[1])
    start = 2 + n_parameters
    won = values[start:start + n]
    return values[2:start], won, values[start + n:start + n + n * d].reshape(n, d)


def logistic(values):
    from sklearn.linear_model import LogisticRegression
    (strength,), won, x = table(values, 1)
    fit = LogisticRegression(C=strength, tol=1e-10, max_iter=100000).fit(x, won)
    yield from fit.decision_function(x)


def boosted(values):
    import xgboost as xgb
    (rounds, depth, eta, weight, lambda_), won, x = table(values, 5)
    settings = dict(objective="binary:logistic", tree_method="hist", max_depth=int(depth), eta=eta, nthread=1,
                    min_child_weight=weight, reg_lambda=lambda_, base_score=(won.sum() + 0.5) / (len(won) + 1))
    model = xgb.train(settings, xgb.DMatrix(x.astype(np.float32), won), int(rounds))
    yield from model.predict(xgb.DMatrix(x.astype(np.float32)), output_margin=True)


if __name__ == "__main__":
    mode = {f.__name__: f for f in (metrics, curves, sigmoid, beta, isotonic, blend, logistic, boosted)}[sys.argv[1]]
    np.array(list(mode(np.fromfile(sys.argv[2])))).astype(float).tofile(sys.argv[3])
