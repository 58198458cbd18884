"""Turn the published MiniLM weights into a small ONNX graph, without torch.

Run as `python -m shopwright.nlp.minilm FOLDER`.
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopwright.nlp.weights import WHOLE, set_apart


def minilm_to_onnx(folder: Path) -> None:
    """Write `model.onnx` and `weights.bin` from `model.safetensors` and `config.json` in the same folder.

    The graph takes `input_ids` and `attention_mask` (int64, batch x tokens) and gives `embedding`
    (float32, batch x 384, rows of length 1): pooling and normalising are inside. Weights of the
    matrix products are int8 per channel, which costs nothing measurable on English retrieval, is
    60 % faster and a quarter of the size.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    graph = _Graph(weights=load_file(folder / "model.safetensors"), config=config)
    full = folder / "model-fp32.onnx"
    onnx.save(graph.build(), str(full))
    quantize_dynamic(str(full), str(folder / WHOLE), weight_type=QuantType.QInt8, per_channel=True)
    full.unlink()
    set_apart(folder)


@dataclass
class _Graph:
    weights: dict[str, NDArray[Any]]
    config: dict[str, Any]
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def constant(self, name: str, value: Any) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(self, op: str, inputs: list[str], **attributes: Any) -> str:
        from onnx import helper

        output = f"{op}_{len(self.nodes) + 1}"
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def norm(self, x: str, prefix: str) -> str:
        scale = self.constant(f"{prefix}.w", self.weights[f"{prefix}.weight"])
        bias = self.constant(f"{prefix}.b", self.weights[f"{prefix}.bias"])
        epsilon = self.config["layer_norm_eps"]
        return self.node("LayerNormalization", [x, scale, bias], axis=-1, epsilon=epsilon)

    def linear(self, x: str, prefix: str) -> str:
        weight = self.constant(f"{prefix}.w", self.weights[f"{prefix}.weight"].T)
        bias = self.constant(f"{prefix}.b", self.weights[f"{prefix}.bias"])
        return self.node("Add", [self.node("MatMul", [x, weight]), bias])

    def embeddings(self) -> str:
        words = self.constant("words", self.weights["embeddings.word_embeddings.weight"])
        length = self.node("Gather", [self.node("Shape", ["input_ids"]), self.constant("one", np.array(1, np.int64))])
        end = self.node("Unsqueeze", [length, self.constant("axis0", np.array([0], np.int64))])
        positions = self.node(
            "Slice",
            [
                self.constant("positions", self.weights["embeddings.position_embeddings.weight"]),
                self.constant("start", np.array([0], np.int64)),
                end,
                self.constant("slice_axis", np.array([0], np.int64)),
            ],
        )
        token_type = self.constant("token_type", self.weights["embeddings.token_type_embeddings.weight"][0])
        both = self.node("Add", [self.node("Gather", [words, "input_ids"]), positions])
        return self.norm(self.node("Add", [both, token_type]), "embeddings.LayerNorm")

    def attention(self, x: str, prefix: str, bias: str) -> str:
        query, key, value = (
            self.node(
                "Transpose",
                [self.node("Reshape", [self.linear(x, f"{prefix}attention.self.{part}"), "split_heads"])],
                perm=order,
            )
            for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        scores = self.node("Mul", [self.node("MatMul", [query, key]), "scale"])
        shares = self.node("Softmax", [self.node("Add", [scores, bias])], axis=-1)
        mixed = self.node("Transpose", [self.node("MatMul", [shares, value])], perm=[0, 2, 1, 3])
        joined = self.node("Reshape", [mixed, "join_heads"])
        return self.linear(joined, f"{prefix}attention.output.dense")

    def pooled(self, x: str, mask: str) -> None:
        """Mean over the real tokens, then length 1."""
        from onnx import helper

        wide = self.node("Unsqueeze", [mask, self.constant("last", np.array([-1], np.int64))])
        tokens = self.constant("token_axis", np.array([1], np.int64))
        total = self.node("ReduceSum", [self.node("Mul", [x, wide]), tokens], keepdims=0)
        count = self.node("ReduceSum", [mask, tokens], keepdims=1)
        mean = self.node("Div", [total, count])
        length = self.node("ReduceL2", [mean, tokens], keepdims=1)
        self.nodes.append(helper.make_node("Div", [mean, length], ["embedding"]))

    def build(self) -> Any:
        import onnx
        from onnx import TensorProto, helper

        hidden, heads = self.config["hidden_size"], self.config["num_attention_heads"]
        self.constant("split_heads", np.array([0, 0, heads, hidden // heads], np.int64))
        self.constant("join_heads", np.array([0, 0, hidden], np.int64))
        self.constant("scale", np.array(1 / np.sqrt(hidden // heads), np.float32))
        x = self.embeddings()
        mask = self.node("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        padding = self.node("Sub", [self.constant("ones", np.array(1, np.float32)), mask])
        bias = self.node(
            "Mul",
            [
                self.node("Unsqueeze", [padding, self.constant("axes12", np.array([1, 2], np.int64))]),
                self.constant("minus_much", np.array(-1e9, np.float32)),
            ],
        )
        for layer in range(self.config["num_hidden_layers"]):
            prefix = f"encoder.layer.{layer}."
            attended = self.node("Add", [self.attention(x, prefix, bias), x])
            x = self.norm(attended, f"{prefix}attention.output.LayerNorm")
            inner = self.node("Gelu", [self.linear(x, f"{prefix}intermediate.dense")], approximate="none")
            outer = self.linear(inner, f"{prefix}output.dense")
            x = self.norm(self.node("Add", [outer, x]), f"{prefix}output.LayerNorm")
        self.pooled(x, mask)
        graph = helper.make_graph(
            self.nodes,
            "minilm",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
                for name in ("input_ids", "attention_mask")
            ],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", hidden])],
            self.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        onnx.checker.check_model(model)
        return model


if __name__ == "__main__":
    minilm_to_onnx(Path(sys.argv[1]))
