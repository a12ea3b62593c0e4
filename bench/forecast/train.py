# Trains the model of a folder with Python's own XGBoost, and prints how long it took.
import hashlib
import json
import sys
import time

import numpy
import xgboost

folder = sys.argv[1]
with open(f"{folder}/training.json") as file:
    training = json.load(file)
shape = (training["rows"], training["columns"])
values = numpy.fromfile(f"{folder}/values", dtype=numpy.float32).reshape(shape)
labels = numpy.fromfile(f"{folder}/labels", dtype=numpy.float32)
weights = numpy.fromfile(f"{folder}/weights", dtype=numpy.float32)

start, cpu = time.perf_counter(), time.process_time()
matrix = xgboost.DMatrix(
    values,
    label=labels,
    weight=weights,
    missing=numpy.nan,
    feature_types=training["featureTypes"],
    enable_categorical=True,
    nthread=1,
)
booster = xgboost.Booster(training["parameters"], [matrix])
for tree in range(training["trees"]):
    booster.update(matrix, tree)
cpu_seconds = time.process_time() - cpu
seconds = time.perf_counter() - start

digest = hashlib.sha256(booster.predict(matrix).astype(numpy.float32).tobytes()).hexdigest()
print(
    json.dumps(
        {"seconds": seconds, "cpuSeconds": cpu_seconds, "digest": digest, "version": xgboost.__version__}
    )
)
