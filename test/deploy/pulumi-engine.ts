// An engine for Pulumi's own Node runner: it takes every resource of the infra program, as `pulumi up` would, and makes none.
import * as grpc from '@grpc/grpc-js';
import engineGrpc from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import enginePb, { type LogRequest } from '@pulumi/pulumi/proto/engine_pb.js';
import providerPb from '@pulumi/pulumi/proto/provider_pb.js';
import resourceGrpc from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import resourcePb, {
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type ResourceInvokeRequest,
} from '@pulumi/pulumi/proto/resource_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import structPb, { type JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb.js';
import { googleAnswers } from '../../infra/google-answers.ts';

export const PROJECT = 'sluice';
export const STACK_TYPE = 'pulumi:pulumi:Stack';

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  /** False: the operation has targets, and it is none of them. */
  readonly targeted: boolean;
}

export interface EngineOptions {
  readonly stack: string;
  readonly gcpProject: string;
  /** A preview makes nothing, so that what Google would answer stays unknown. */
  readonly preview: boolean;
  /** As `--target` takes them; none are all. */
  readonly targets: readonly string[];
}

export interface Engine {
  readonly address: string;
  readonly resources: readonly Registered[];
  readonly errors: readonly string[];
  /** Undefined until the program has ended. */
  readonly outputs: () => Readonly<Record<string, unknown>> | undefined;
  readonly close: () => void;
}

type Fields = Readonly<Record<string, JavaScriptValue>>;

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { gcpProject, preview } = options;
  const answers = googleAnswers(gcpProject, (name) => `https://${name}.example`);
  const resources: Registered[] = [];
  const errors: string[] = [];
  let outputs: Fields | undefined;
  let root = '';

  function register(request: RegisterResourceRequest) {
    const registered = registeredOf(request, options);
    resources.push(registered);
    const { type, name, urn, inputs, targeted } = registered;
    const response = new resourcePb.RegisterResourceResponse();
    response.setUrn(urn);
    if (type === STACK_TYPE || preview) return withObject(response, inputs);
    // Of a creation that is skipped the real engine knows neither an id nor any output.
    if (!targeted) return withObject(response, {});
    const { id, state } = answers.newResource({ type, name, inputs, custom: true, provider: '', id: '' });
    response.setId(id);
    return withObject(response, state);
  }

  function invoke(request: ResourceInvokeRequest) {
    const response = new providerPb.InvokeResponse();
    const inputs = request.getArgs()?.toJavaScript() ?? {};
    response.setReturn(structOf(answers.call({ token: request.getTok(), inputs, provider: '' })));
    return response;
  }

  const server = new grpc.Server();
  server.addService(resourceGrpc.ResourceMonitorService, {
    supportsFeature: unary(() => {
      const response = new resourcePb.SupportsFeatureResponse();
      response.setHassupport(true);
      return response;
    }),
    registerResource: unary(register),
    registerResourceOutputs: unary((request: RegisterResourceOutputsRequest) => {
      if (request.getUrn() === root || request.getUrn().includes(STACK_TYPE))
        outputs = (request.getOutputs()?.toJavaScript() ?? {}) as Fields;
      return new emptyPb.Empty();
    }),
    invoke: unary(invoke),
    signalAndWaitForShutdown: unary(() => new emptyPb.Empty()),
  });
  server.addService(engineGrpc.EngineService, {
    log: unary((request: LogRequest) => {
      if (request.getSeverity() === enginePb.LogSeverity.ERROR) errors.push(request.getMessage());
      return new emptyPb.Empty();
    }),
    setRootResource: unary((request: enginePb.SetRootResourceRequest) => {
      root = request.getUrn();
      return new enginePb.SetRootResourceResponse();
    }),
    getRootResource: unary(() => {
      const response = new enginePb.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
  });
  const port = await listening(server);
  return {
    address: `127.0.0.1:${port}`,
    resources,
    errors,
    outputs: () => outputs,
    close: () => server.forceShutdown(),
  };
}

const listening = (server: grpc.Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });

function registeredOf(request: RegisterResourceRequest, { stack, targets }: EngineOptions): Registered {
  const [type, name] = [request.getType(), request.getName()];
  const urn = `urn:pulumi:${stack}::${PROJECT}::${type}::${name}`;
  return {
    type,
    name,
    urn,
    inputs: request.getObject()?.toJavaScript() ?? {},
    dependencies: request.getDependenciesList(),
    targeted: targets.length === 0 || targets.some((target) => matches(target, urn)),
  };
}

/** As Pulumi reads a target: `**` is any text, `*` any without a colon. */
export const matches = (target: string, urn: string): boolean =>
  new RegExp(
    `^${target
      .split('**')
      .map((part) => part.split('*').map(escaped).join('[^:]*'))
      .join('.*')}$`,
  ).test(urn);

const escaped = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');

const unary =
  <Request, Response>(answer: (request: Request) => Response): grpc.handleUnaryCall<Request, Response> =>
  ({ request }, callback) => {
    try {
      callback(null, answer(request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: String(error) });
    }
  };

const structOf = (value: object) => structPb.Struct.fromJavaScript(value as Record<string, JavaScriptValue>);

function withObject(response: resourcePb.RegisterResourceResponse, value: object) {
  response.setObject(structOf(value));
  return response;
}
