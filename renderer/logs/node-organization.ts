import { createContext, use } from 'react';

/** Organizations of nodes, by full name: given once around a list, asked by each of its rows. */
export const NodeOrganizations = createContext<ReadonlyMap<string, string>>(new Map());

export const useNodeOrganization = (node: string): string | undefined => use(NodeOrganizations).get(node);
