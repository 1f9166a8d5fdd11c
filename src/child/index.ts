export { type ColonyContext, colonyContext } from './context.ts';
export { type Notice, notify } from './notify.ts';
