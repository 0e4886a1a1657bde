import { message, type Message } from './protobuf.js';

/** Element types of onnx.proto's TensorProto. */
export const elementType = { float: 1, uint8: 2, double: 11 } as const;
type ElementType = (typeof elementType)[keyof typeof elementType];

const attributeType = { int: 2, tensor: 4, ints: 7 } as const;

/** Constant values of a graph; `dims` empty for a scalar. Values are little-endian, as on every platform Node runs on. */
export function tensor(name: string, type: ElementType, dims: readonly number[], values: ArrayBufferView): Message {
  const result = message();
  for (const dim of dims) result.int(1, dim);
  return result.int(2, type).text(8, name).bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

export function intAttribute(name: string, value: number): Message {
  return message().text(1, name).int(3, value).int(20, attributeType.int);
}

export function intsAttribute(name: string, values: readonly number[]): Message {
  return message().text(1, name).packedInts(8, values).int(20, attributeType.ints);
}

export function tensorAttribute(name: string, type: ElementType, values: ArrayBufferView & { length: number }): Message {
  return message().text(1, name).message(5, tensor('', type, [values.length], values)).int(20, attributeType.tensor);
}

export function node(operator: string, inputs: readonly string[], output: string, attributes: readonly Message[] = [], domain = ''): Message {
  const result = message();
  for (const input of inputs) result.text(1, input);
  result.text(2, output).text(4, operator);
  for (const attribute of attributes) result.message(5, attribute);
  return domain === '' ? result : result.text(7, domain);
}

/** An input or output: a table with any number of rows. */
export function tableValue(name: string, type: ElementType, columns: number): Message {
  const shape = message().message(1, message().text(2, 'rows')).message(1, message().int(1, columns));
  return message().text(1, name).message(2, message().message(1, message().int(1, type).message(2, shape)));
}

/** A model file: ONNX IR version 10 with operator set 21 and machine-learning operator set 5. */
export function modelFile(graph: {
  nodes: readonly Message[];
  constants: readonly Message[];
  input: Message;
  output: Message;
  producer: string;
  metadata: Readonly<Record<string, string>>;
}): Uint8Array {
  const body = message();
  for (const item of graph.nodes) body.message(1, item);
  body.text(2, 'model');
  for (const constant of graph.constants) body.message(5, constant);
  body.message(11, graph.input).message(12, graph.output);
  const model = message().int(1, 10).text(2, graph.producer).message(7, body)
    .message(8, message().text(1, '').int(2, 21))
    .message(8, message().text(1, 'ai.onnx.ml').int(2, 5));
  for (const [key, value] of Object.entries(graph.metadata)) model.message(14, message().text(1, key).text(2, value));
  return model.finish();
}
