import { ForeignObjectError } from '../../../network/runtime/docker/docker-errors';
import { EngineLostError, EngineUnavailableError } from '../../../network/runtime/docker/engine-unavailable';
import { statusOf, wordsOf } from '../../../network/runtime/docker/engine-answer';
import { ImagePlatformError, ImageUnavailableError } from '../../../network/runtime/docker/image-errors';
import { problem } from '../../core/problem';
import type { ProblemError } from '../../core/problem';

const OTHERWISE =
  'Without it the same network runs as processes: `cityflow up --runtime embedded`, or `--runtime native` with the Fabric binaries.';

/** The problem of what the Docker engine did not do; undefined for errors of anything else. */
export function dockerProblem(error: unknown): ProblemError | undefined {
  if (error instanceof EngineUnavailableError) {
    return problem('RUNTIME_UNAVAILABLE', {
      title: 'No Docker engine can be used.',
      detail: 'Where one was looked for stands below.',
      hint: `Start Docker, or name an engine by DOCKER_HOST. ${OTHERWISE}`,
      sources: error.tried.map(({ source, address, reason }) => ({ name: source, address, message: reason })),
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof ImageUnavailableError) {
    return problem('RUNTIME_UNAVAILABLE', {
      title: `The image ${error.image} is not here and could not be fetched.`,
      detail: 'What each registry answered stands below. Nothing was started.',
      hint: `Load it with \`docker load\`, or name a registry under \`docker: mirrors\` in the topology. Set \`docker: { images: embedded }\` to run this project's own nodes in containers. ${OTHERWISE}`,
      sources: error.answers.map(({ image, answer }) => ({ name: image, message: answer })),
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof ImagePlatformError) {
    return problem('RUNTIME_UNAVAILABLE', {
      title: `The image ${error.image} is for ${error.platform}.`,
      detail: `The engine runs ${error.wanted} containers. Nothing was started.`,
      hint: `Remove it and pull the one for ${error.wanted}, or name another in the topology. ${OTHERWISE}`,
      cause: error,
    });
  }
  if (error instanceof ForeignObjectError) {
    return problem('NETWORK_FOREIGN_DATA', {
      title: `There is a ${error.kind} ${error.objectName} that is not this network's.`,
      detail: `It is ${error.owner}. It was not touched.`,
      hint: `Remove it with \`docker ${error.kind} rm ${error.objectName}\` if nobody needs it, or start under another name with \`--network NAME\`.`,
      cause: error,
    });
  }
  if (error instanceof EngineLostError) {
    return problem('RUNTIME_UNAVAILABLE', {
      title: 'The Docker engine does not answer.',
      detail: `${error.message}.`,
      hint: 'Start Docker again; the console goes on by itself as soon as it answers.',
      retryable: true,
      cause: error,
    });
  }
  if (statusOf(error) !== undefined) {
    return problem('NODE_FAILED', {
      title: 'The Docker engine could not do it.',
      detail: wordsOf(error),
      hint: 'Do what it says, then run the command again: it goes on where it ended.',
      retryable: true,
      cause: error,
    });
  }
  return undefined;
}
