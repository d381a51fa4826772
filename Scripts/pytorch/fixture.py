"""Writes the files of Tests/Fixtures: numbers that the tests compare with, as safetensors."""
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

FOLDER = Path(__file__).resolve().parent.parent.parent / "Tests/Fixtures"


def save(name, values, **texts):
    """A file with `values` by name, numbers or arrays of whole numbers, bytes or 64-bit numbers, and `texts` beside them."""
    def array(value):
        value = np.asarray(value)
        kind = value.dtype.kind
        if value.dtype != np.uint8:
            value = value.astype(np.int64 if kind in "iu" else np.float64)
        return np.ascontiguousarray(value)

    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.safetensors"
    save_file({key: array(value) for key, value in values.items()}, path, metadata=texts)
    path.chmod(0o644)
    print(path.relative_to(FOLDER.parent.parent), path.stat().st_size, "bytes")
