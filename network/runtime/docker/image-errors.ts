/** What a registry answered when an image was asked of it. */
export interface RegistryAnswer {
  readonly image: string;
  readonly answer: string;
}

/** An image is neither here nor to be had. */
export class ImageUnavailableError extends Error {
  constructor(
    readonly image: string,
    readonly answers: readonly RegistryAnswer[],
  ) {
    super(
      `${image} is not here and could not be fetched: ${answers.map((one) => `${one.image}: ${one.answer}`).join('; ')}`,
    );
    this.name = 'ImageUnavailableError';
  }
}

/** An image is made for machines of another kind than the engine's. */
export class ImagePlatformError extends Error {
  constructor(
    readonly image: string,
    readonly platform: string,
    readonly wanted: string,
  ) {
    super(`${image} is for ${platform}, and the engine runs ${wanted}`);
    this.name = 'ImagePlatformError';
  }
}
