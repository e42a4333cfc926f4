import type { supportOperations } from '../api/support-operations';
import type { Handlers } from './dispatcher';
import type { Support } from './ports/support';
import type { DiagnosticsService } from './services/diagnostics';

export function supportHandlers(
  support: Support,
  diagnostics: DiagnosticsService,
): Pick<Handlers, keyof typeof supportOperations> {
  return {
    'about.show': () => support.about(),
    'storage.usage': () => support.stored(),
    'diagnostics.contents': () => Promise.resolve(diagnostics.contents()),
    'diagnostics.bundle': (_request, { signal }) => diagnostics.bundle(signal),
  };
}
