"""A model that the command line has trained, for what the server does with it."""
import os
import subprocess

from served import BUILD

CLI = os.path.join(BUILD, "src/cli/valutai-cli")
SAMPLE = os.path.join(BUILD, "data/sample-quotes")


def make_model(folder):
    """The files of its quotes and of itself, and its bytes."""
    quotes, model = os.path.join(folder, "quotes.csv"), os.path.join(folder, "quotes.valutai")
    if not os.path.exists(model):
        subprocess.run([SAMPLE, "--rows", "300", "--output", quotes], check=True)
        subprocess.run([CLI, "train", quotes, "--outcome", "Outcome", "--won", "Won", "--lost", "Lost", "--algorithm", "logistic", "--act", "safe",
                        "--output", model], check=True, capture_output=True)
    with open(model, "rb") as file:
        return quotes, model, file.read()
