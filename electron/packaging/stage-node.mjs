/**
 * Before packaging: puts the Node that will run the network's programs into out/node. It is taken from an unpacked
 * official distribution for the target, named by CITYFLOW_NODE_DIST, and never from the Node that happens to package:
 * that one may be a distribution's own, linked against libraries which the user's machine lacks.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Electron-builder's numbers of architectures. */
const architectures = { 0: 'ia32', 1: 'x64', 2: 'armv7l', 3: 'arm64', 4: 'universal' };

export default function beforePack({ packager, electronPlatformName, arch }) {
  stageNode({
    distribution: process.env.CITYFLOW_NODE_DIST,
    project: packager.projectDir,
    platform: electronPlatformName,
    arch: architectures[arch],
  });
}

/** @throws {Error} where the distribution is missing, incomplete or, as far as it can be run here, the wrong one */
export function stageNode({ distribution, project, platform, arch }) {
  const want = `an unpacked Node 20.19 or newer for ${platform} ${arch}`;
  if (!distribution) throw new Error(`CITYFLOW_NODE_DIST is not set: it names ${want}`);
  const source = platform === 'win32' ? 'node.exe' : path.join('bin', 'node');
  for (const file of [source, 'LICENSE']) {
    if (!existsSync(path.join(distribution, file))) {
      throw new Error(`CITYFLOW_NODE_DIST has no ${file}: it must be ${want}`);
    }
  }
  if (platform === process.platform) requireTarget(path.join(distribution, source), arch, want);
  const target = path.join(project, 'out', 'node');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const program = path.join(target, path.basename(source));
  copyFileSync(path.join(distribution, source), program);
  chmodSync(program, 0o755);
  copyFileSync(path.join(distribution, 'LICENSE'), path.join(target, 'LICENSE'));
}

/** A Node that this machine can run says itself what it is. */
function requireTarget(program, arch, want) {
  const script = 'process.stdout.write(JSON.stringify([process.arch, process.versions.node]))';
  const { status, stdout } = spawnSync(program, ['-e', script], { encoding: 'utf8', env: {} });
  if (status !== 0) {
    if (arch !== process.arch) return;
    throw new Error(`${program} does not run here: it must be ${want}`);
  }
  const [actual, version] = JSON.parse(stdout);
  const [major, minor] = version.split('.').map(Number);
  if (actual !== arch || major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`${program} is Node ${version} for ${actual}: it must be ${want}`);
  }
}
