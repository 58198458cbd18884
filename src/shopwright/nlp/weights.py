"""Set a model's weights apart from its graph, so that processes share them.

Run as `python -m shopwright.nlp.weights FOLDER`.
"""

import sys
from pathlib import Path

# Of the published file or of what a converter made, and in the end.
WHOLE, GRAPH, WEIGHTS = "model-int8.onnx", "model.onnx", "weights.bin"

# Bytes. Smaller constants stay in the graph: the runtime reads shapes from them while it plans.
SMALL = 1024


def set_apart(folder: Path) -> None:
    """Write `model.onnx` and `weights.bin` from `model-int8.onnx` in the same folder, and remove that one.

    The runtime maps a file of weights into memory instead of copying it: only rows of the word table that are
    used are ever read, all processes share the pages, and a load takes two thirds of the time. Vectors are
    the same to the last bit.
    """
    import onnx

    model = onnx.load(str(folder / WHOLE))
    onnx.save_model(
        model,
        str(folder / GRAPH),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=WEIGHTS,
        size_threshold=SMALL,
    )
    (folder / WHOLE).unlink()


if __name__ == "__main__":
    set_apart(Path(sys.argv[1]))
