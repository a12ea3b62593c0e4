// The key by which an instance recognises its cloud: its port is open to all of this machine, and checks no tokens.

/** Set for the instance's process alone, and taken out of its environment before the function is loaded. */
export const KEY_VARIABLE = 'LOCAL_CLOUD_INSTANCE_KEY';

/** On every request of the cloud to the instance; the function does not see it. */
export const KEY_HEADER = 'x-local-cloud-instance-key';
